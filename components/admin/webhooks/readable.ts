const deepest = 50;
const mostTimes = 4;

/**
 * JSON with a line to each value; as it came where it is no JSON, or where it was made to be endless when it is
 * indented: in 8 kB of brackets each takes a line of its own, with thousands of spaces before it.
 */
export function readable(body: string): string {
  if (depthOf(body) > deepest) return body;
  try {
    const lines = JSON.stringify(JSON.parse(body), null, 2);
    return lines.length > mostTimes * body.length ? body : lines;
  } catch {
    return body;
  }
}

/** Strings and brackets; a string that is not closed goes on to the end. */
const tokens = /"(?:[^"\\]+|\\.)*"?|[[\]{}]/gs;

/** How many brackets are open at once. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const token of text.match(tokens) ?? []) {
    if (token === '[' || token === '{') depth++;
    if (token === ']' || token === '}') depth--;
    most = Math.max(most, depth);
  }
  return most;
}
