import type { Metadata } from 'next';
import { api, ask } from '#app/trpc-server.ts';
import { Shell } from '#components/admin/shell.tsx';
import { TrpcProvider } from '#components/trpc.tsx';

export const metadata: Metadata = { title: { default: 'Console', template: '%s · Florin' } };

export default async function ConsoleLayout({ children }: LayoutProps<'/admin'>) {
  const me = await ask((await api()).seat.me());
  return (
    <TrpcProvider>
      <Shell me={me}>{children}</Shell>
    </TrpcProvider>
  );
}
