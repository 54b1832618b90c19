/** What the person at the keyboard can mend: the message is a sentence that names the remedy, and is all they see. */
export class Trouble extends Error {
  override name = 'Trouble';
}
