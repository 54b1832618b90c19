/**
 * Fields by which a provider lets whoever knows them act as the payer: a key to an open payment, and the addresses of
 * its challenge.
 */
const secret = new Set([
  'client_secret',
  'next_action',
  'challenge_url',
  'redirect_to_url',
  'redirect_url',
  'hosted_verification_url',
]);

/** JSON as far as it matters here. Without a closing quote a string goes on to the end, so that each is read once. */
const tokens = /"(?:[^"\\]+|\\.)*"?(\s*:)?|[[\]{},]/gs;

/** The same in an address that stands in some other field. */
const inAddress = /(client_secret=)[^&#"'\s\\]+/g;

/**
 * JSON with the values of secret fields blanked, however deep they lie; every other byte stays as it came. What is no
 * JSON is read as far as it looks like it. Takes time in proportion to its length.
 */
export function withoutSecrets(text: string): string {
  let kept = '';
  let from = 0;
  let depth = 0;
  /** How deep the field lies whose value is being passed over. */
  let hiding: number | undefined;
  const show = (until: number) => {
    const value = text.slice(from, until);
    kept += hiding === undefined || value.trim() === 'null' ? value : ' "[redacted]"';
    from = until;
    hiding = undefined;
  };
  for (const { 0: token, 1: colon, index } of text.matchAll(tokens)) {
    if (hiding === depth && /^[\]},]/.test(token)) show(index);
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (hiding === undefined && colon && secret.has(nameIn(token, colon))) {
      show(index + token.length);
      hiding = depth;
    }
  }
  show(text.length);
  return kept.replace(inAddress, '$1[redacted]');
}

/** A field's name, however it is spelt: `"client\u005fsecret":` is one too. */
function nameIn(token: string, colon: string): string {
  try {
    return JSON.parse(token.slice(0, token.length - colon.length));
  } catch {
    return '';
  }
}
