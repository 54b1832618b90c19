import { probe } from '#app/probe.ts';

export const dynamic = 'force-dynamic';

export const GET = () => probe('/metrics');
