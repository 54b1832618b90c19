'use client';

import { useRouter } from 'next/navigation';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';

/** Which day's end is looked at: now, unless one is chosen. */
export function DayPicker({ day, today }: { day: string | undefined; today: string }) {
  const router = useRouter();
  const go = (to: string) => router.push(to === '' ? '/admin/ledger' : `/admin/ledger?day=${to}`);
  return (
    <div className="flex items-end gap-2">
      <div className="w-44">
        <Field
          key={day ?? ''}
          label="At the end of"
          type="date"
          max={today}
          defaultValue={day}
          onChange={(event) => event.target.validity.valid && go(event.target.value)}
        />
      </div>
      {day && (
        <Button look="quiet" onClick={() => go('')}>
          Now
        </Button>
      )}
    </div>
  );
}
