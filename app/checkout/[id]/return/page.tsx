import type { Metadata } from 'next';
import { ReturnedFromBank } from '#components/checkout/returned.tsx';

export const metadata: Metadata = { title: 'Back from your bank' };

/** The address that banks return to. Its id is the one that a merchant sees, without the secret: it opens nothing. */
export default async function ReturnPage({ params }: PageProps<'/checkout/[id]/return'>) {
  return <ReturnedFromBank shownId={(await params).id} />;
}
