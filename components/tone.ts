/** What a colour means, wherever it is used: each goes with a word or an icon. */
export type Tone = 'neutral' | 'wait' | 'ok' | 'settled' | 'muted' | 'bad' | 'warn';
