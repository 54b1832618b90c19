import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { invariant } from '#server/kernel/invariant.ts';

const folder = join(import.meta.dirname, '../frame');

/** The frame's scripts, each after those that it needs. */
const scripts = ['card', 'expiry', 'words', 'messages', 'channel', 'page', 'marks', 'typing', 'form', 'frame'];

export interface FrameDocument {
  html: string;
  headers: Record<string, string>;
}

/**
 * The card frame: one static document with its one style and its one script inside, both named by their hash in the
 * policy that it is sent with. A byte that was changed is not run.
 *
 * @param parents  Origins whose pages may show it.
 * @param https    Whether it is served over TLS alone.
 * @see PCI DSS 4.0.1, 6.4.3; Content Security Policy Level 3
 */
export function makeFrameDocument({ parents, https }: { parents: readonly string[]; https: boolean }): FrameDocument {
  const style = readFileSync(join(folder, 'frame.css'), 'utf8');
  const script = scripts.map(readScript).join('\n');
  const html = fill(readFileSync(join(folder, 'frame.html'), 'utf8'), [
    ['<style>', style],
    ['<script type="module">', script],
    ['data-parents="', parents.join(' ')],
  ]);
  return { html, headers: frameHeaders({ policy: policyOf({ style, script, parents }), https }) };
}

/** Puts each text behind its opening. None may hold what would end the element or attribute that it stands in. */
function fill(page: string, texts: [opening: string, text: string][]): string {
  return texts.reduce((filled, [opening, text]) => {
    const at = filled.indexOf(opening) + opening.length;
    invariant(at >= opening.length && !/<[/!]/.test(text), 'the frame has a place for every text, and none ends early');
    return filled.slice(0, at) + text + filled.slice(at);
  }, page);
}

/** Types are blanked out; imports and exports go, since in the document all of it is one script. */
function readScript(name: string): string {
  const source = stripTypeScriptTypes(readFileSync(join(folder, `${name}.ts`), 'utf8'));
  const script = source.replace(/^import [^;]*;$/gm, '').replace(/^export /gm, '');
  invariant(!/^\s*(import|export)\b/m.test(script), 'the scripts of the frame stand in one piece');
  return script;
}

function policyOf({ style, script, parents }: { style: string; script: string; parents: readonly string[] }): string {
  const policy = {
    'default-src': "'none'",
    'script-src': hashOf(script),
    'style-src': hashOf(style),
    'font-src': "'self'",
    'connect-src': "'self'",
    'frame-ancestors': parents.join(' '),
    'base-uri': "'none'",
    'form-action': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  };
  return Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

function hashOf(text: string): string {
  return `'sha384-${createHash('sha384').update(text).digest('base64')}'`;
}

function frameHeaders({ policy, https }: { policy: string; https: boolean }): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), payment=(), display-capture=()',
    'origin-agent-cluster': '?1',
    // To be embedded is what it is for; by whom, frame-ancestors says.
    'cross-origin-resource-policy': 'cross-origin',
    ...(https && { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  };
}
