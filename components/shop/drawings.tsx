import type { ReactNode } from 'react';

const navy = 'oklch(0.42 0.06 245)';
const cream = 'oklch(0.96 0.015 90)';
const red = 'oklch(0.62 0.17 28)';
const sand = 'oklch(0.86 0.045 80)';
const brass = 'oklch(0.78 0.12 85)';
const glow = 'oklch(0.93 0.1 95)';

/** Drawn by hand and not photographed: five goods, one light from the left. */
const drawings: Readonly<Record<string, { ground: string; picture: ReactNode }>> = {
  mug: {
    ground: 'oklch(0.9 0.03 230)',
    picture: (
      <>
        <path d="M104 64h12a16 16 0 0 1 0 40h-14" fill="none" stroke={navy} strokeWidth="8" />
        <path d="M44 46h64v58a18 18 0 0 1-18 18H62a18 18 0 0 1-18-18V46Z" fill={cream} />
        <path d="M44 46h16v76a18 18 0 0 1-16-18V46Z" fill="oklch(0.99 0.006 90)" />
        <ellipse cx="76" cy="46" rx="32" ry="8" fill={navy} />
        <ellipse cx="76" cy="46.5" rx="26" ry="5" fill="oklch(0.36 0.03 60)" />
        <path
          d="M70 78h14m-7-7v26m-12-9c2 7 7 9 12 9s10-2 12-9"
          fill="none"
          stroke={navy}
          strokeWidth="3.4"
          strokeLinecap="round"
        />
      </>
    ),
  },
  cap: {
    ground: 'oklch(0.91 0.035 60)',
    picture: (
      <>
        <path d="M38 96c0-34 16-56 42-56s42 22 42 56H38Z" fill={red} />
        <path
          d="M58 92c0-26 4-42 12-50M80 92V40m22 52c0-26-4-42-12-50"
          fill="none"
          stroke="oklch(0.55 0.16 28)"
          strokeWidth="3"
          strokeLinecap="round"
        />
        <rect x="32" y="90" width="96" height="28" rx="10" fill="oklch(0.57 0.165 28)" />
        <path
          d="M46 94v20m12-20v20m12-20v20m12-20v20m12-20v20m12-20v20"
          stroke="oklch(0.5 0.15 28)"
          strokeWidth="2.6"
          strokeLinecap="round"
        />
      </>
    ),
  },
  tote: {
    ground: 'oklch(0.9 0.03 160)',
    picture: (
      <>
        <path d="M58 64V50a22 22 0 0 1 44 0v14" fill="none" stroke={navy} strokeWidth="6" strokeLinecap="round" />
        <path d="M40 62h80l6 62H34l6-62Z" fill={cream} />
        <path d="M34 124 38 84l88 40H34Z" fill={sand} />
        <path d="M40 62h80l1 10H39l1-10Z" fill={navy} />
        <path d="m84 80 18 26H84V80Zm-4 6v20H66l14-20Zm-18 24h42l-6 8H68l-6-8Z" fill={red} />
      </>
    ),
  },
  lantern: {
    ground: 'oklch(0.88 0.03 270)',
    picture: (
      <>
        <path d="M58 60c-4-34 48-34 44 0" fill="none" stroke={navy} strokeWidth="4" />
        <path d="M64 48h32l6 12H58l6-12Z" fill={brass} />
        <path d="M60 60h40c8 16 8 30 0 46H60c-8-16-8-30 0-46Z" fill={glow} />
        <path d="M80 72c9 10 9 24 0 28-9-4-9-18 0-28Z" fill="oklch(0.72 0.17 55)" />
        <path
          d="M57 66h46M55 84h50M57 100h46M68 60v46m24-46v46"
          stroke={navy}
          strokeWidth="2.4"
          strokeLinecap="round"
        />
        <path d="M54 106h52l6 18H48l6-18Z" fill={brass} />
        <path d="M48 124h64v6H48z" fill="oklch(0.66 0.11 80)" />
      </>
    ),
  },
  bell: {
    ground: 'oklch(0.9 0.03 100)',
    picture: (
      <>
        <path d="M44 34h72v8H44z" fill={navy} />
        <path d="M72 42h16v10H72z" fill="oklch(0.66 0.11 80)" />
        <path d="M80 50c20 0 24 16 26 34 2 16 8 22 14 26H40c6-4 12-10 14-26 2-18 6-34 26-34Z" fill={brass} />
        <path d="M76 50c-16 2-20 17-22 34-2 16-8 22-14 26h14c6-4 9-12 10-26 1-16 4-31 12-34Z" fill={glow} />
        <path d="M36 108h88v8H36z" fill="oklch(0.66 0.11 80)" />
        <circle cx="80" cy="120" r="7" fill={navy} />
        <path d="M80 127v14" stroke={red} strokeWidth="4" strokeLinecap="round" />
      </>
    ),
  },
};

export function Drawing({ sku }: { sku: string }) {
  const drawing = drawings[sku];
  return (
    <svg
      viewBox="0 0 160 160"
      aria-hidden="true"
      className="w-full rounded-card dark:brightness-90"
      style={{ background: drawing?.ground }}
    >
      <ellipse cx="80" cy="128" rx="52" ry="6" fill="oklch(0.3 0.03 250 / 0.14)" />
      {drawing?.picture}
    </svg>
  );
}
