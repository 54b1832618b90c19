import { createTransport } from 'nodemailer';
import type { Secret } from '#server/kernel/secret.ts';
import type { News } from '../alerts.ts';
import type { Channel, Message } from '../channel.ts';

/** Milliseconds. */
const patience = 10_000;

const opening = { raised: '', acknowledged: 'Acknowledged: ', resolved: 'Over: ' } as const satisfies Record<
  News,
  string
>;

export interface Mail {
  /** `smtps://user:password@host:465`, or `smtp://` where the connection is upgraded. */
  url: Secret;
  /** Address that it comes from. */
  from: string;
  /** Nothing is said, not even the password, before the connection is encrypted. */
  encrypted: boolean;
  webUrl: string;
}

/** E-mail by SMTP. All mails about one alert stand in one thread. */
export function emailChannel({ url, from, encrypted, webUrl }: Mail): Channel {
  const transport = createTransport({
    url: url.reveal(),
    requireTLS: encrypted,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    // What a mail holds is text of ours: no file of this machine, and no address, is ever read into it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/>$/, '');
  return {
    async send({ delivery, news, alert, address }) {
      const { response } = await transport.sendMail({
        from,
        to: { name: '', address },
        subject: `[${alert.severity}] ${opening[news]}${alert.title}`,
        text: textOf({ alert, news }, webUrl),
        messageId: `<${delivery}@${domain}>`,
        references: `<${alert.id}@${domain}>`,
        // No holiday notice comes back for it.
        headers: { 'auto-submitted': 'auto-generated' },
      });
      return response;
    },
  };
}

function textOf({ alert, news }: Pick<Message, 'alert' | 'news'>, webUrl: string): string {
  const lines = [
    `${opening[news]}${alert.title}`,
    '',
    ...Object.entries(alert.detail).map(([name, value]) => `${name}: ${value}`),
    `Raised: ${alert.raisedAt.toISOString()}`,
    '',
    `${webUrl}${alert.path ?? '/admin/alerts'}`,
  ];
  return `${lines.join('\n')}\n`;
}
