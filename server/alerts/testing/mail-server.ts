import { createServer, type Socket } from 'node:net';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Head and body, as they came. */
  text: string;
}

/** A mail server that keeps what it is sent. @see RFC 5321, section 4.5.1: the least that one must understand. */
export interface MailServer {
  url: string;
  mails: ReceivedMail[];
  /** The next mails are refused for now, as a full server does. */
  refuse(times: number): void;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let refusals = 0;
  const server = createServer((socket) => {
    socket.write('220 mail.test\r\n');
    converse(socket, (mail) => {
      if (refusals > 0) {
        refusals--;
        return '452 4.3.1 Out of storage';
      }
      mails.push(mail);
      return '250 2.0.0 Kept';
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse(times) {
      refusals = times;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function converse(socket: Socket, keep: (mail: ReceivedMail) => string): void {
  let unread = '';
  let mail: ReceivedMail = { from: '', to: [], text: '' };
  let inData = false;
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const understand = (line: string) => {
    const [, verb = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
    if (verb === 'EHLO') return say('250 mail.test');
    if (verb === 'MAIL') mail = { from: addressIn(rest), to: [], text: '' };
    if (verb === 'RCPT') mail.to.push(addressIn(rest));
    if (verb === 'STARTTLS') return say('502 5.5.1 Not here');
    if (verb === 'QUIT') return void socket.end('221 Bye\r\n');
    inData = verb === 'DATA';
    say(inData ? '354 Go on' : '250 2.0.0 Fine');
  };
  const hear = (line: string) => {
    if (!inData) return understand(line);
    if (line !== '.') mail.text += `${line.replace(/^\./, '')}\n`;
    else {
      inData = false;
      say(keep(mail));
    }
  };
  socket.setEncoding('utf8').on('data', (chunk) => {
    const lines = (unread + String(chunk)).split('\r\n');
    unread = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  socket.on('error', () => socket.destroy());
}

function addressIn(text: string): string {
  return /<(.*)>/.exec(text)?.[1] ?? '';
}
