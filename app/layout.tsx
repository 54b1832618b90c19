import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { connection } from 'next/server';
import { Theme } from '#components/theme.tsx';
import { mono, sans } from './fonts.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Florin', template: '%s · Florin' },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { colorScheme: 'light dark' };

export default async function RootLayout({ children }: LayoutProps<'/'>) {
  // A page rendered ahead of time has no nonce, and none of its scripts would run.
  await connection();
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html lang="en" className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <body className="font-sans">
        <Theme nonce={nonce}>{children}</Theme>
      </body>
    </html>
  );
}
