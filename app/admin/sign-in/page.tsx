import type { Metadata } from 'next';
import { SignInForm } from '#components/admin/sign-in-form.tsx';
import { Mark } from '#components/ui/mark.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/admin/sign-in'>) {
  const { next, ended } = await searchParams;
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-90">
        <div className="mb-6 flex justify-center text-20">
          <Mark size={24} />
        </div>
        <div className="rounded-card border bg-surface p-6">
          <h1 className="mb-1 text-16 font-semibold">Sign in to the console</h1>
          <p className="mb-5 text-13 text-ink-muted">
            {ended ? 'Your session has ended. Sign in again to go on.' : 'For the staff of a merchant.'}
          </p>
          <SignInForm next={typeof next === 'string' ? next : undefined} />
        </div>
      </div>
    </main>
  );
}
