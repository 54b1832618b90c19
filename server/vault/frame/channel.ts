import { type Hello, type Order, type Report, readHello, readOrder } from './messages.ts';

interface Listening {
  /** Origins whose pages may show this frame. */
  parents: readonly string[];
  onHello(hello: Hello): void;
  onOrder(order: Order): void;
}

/**
 * Waits for the page around the frame. Its greeting counts when it comes from the window around us, from an allowed
 * origin, and in the right shape; it is answered once, to that origin, with one end of a private channel. Everything
 * else is dropped without a word.
 *
 * @returns a function that reports to the page, which does nothing before the greeting.
 */
export function openChannel({ parents, onHello, onOrder }: Listening): (report: Report) => void {
  let port: MessagePort | undefined;
  let nonce = '';
  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || window.parent === window || !parents.includes(event.origin)) return;
    const hello = readHello(event.data);
    // The page greets until it is answered: the answer to this greeting may be on its way.
    if (!hello || hello.nonce === nonce) return;
    nonce = hello.nonce;
    port?.close();
    const ends = new MessageChannel();
    port = ends.port1;
    port.onmessage = ({ data }) => {
      const order = readOrder(data);
      if (order) onOrder(order);
    };
    window.parent.postMessage({ florin: 'welcome', nonce }, event.origin, [ends.port2]);
    onHello(hello);
  });
  return (report) => port?.postMessage(report);
}
