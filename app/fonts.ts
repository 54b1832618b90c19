import localFont from 'next/font/local';

// Variable files from the npm package: nothing is fetched, neither at build time nor by a visitor's browser.
export const sans = localFont({
  src: '../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2',
  variable: '--font-geist',
  weight: '400 600',
});

export const mono = localFont({
  src: '../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2',
  variable: '--font-geist-mono',
  weight: '400 600',
  preload: false,
});
