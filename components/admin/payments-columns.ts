/** Columns of the payments list, in order; narrow screens keep what one decides by. */
export const columns = [
  { title: 'What is wrong', hidden: true, className: 'w-px pl-0' },
  { title: 'Amount', hidden: false, className: 'w-24 text-right' },
  { title: 'State', hidden: false, className: 'w-30' },
  { title: 'Card', hidden: false, className: 'hidden w-32 sm:table-cell' },
  { title: 'Customer', hidden: false, className: 'hidden lg:table-cell' },
  { title: 'Provider', hidden: false, className: 'hidden w-20 xl:table-cell' },
  { title: 'Payment', hidden: false, className: 'hidden w-36 xl:table-cell' },
  { title: 'Created', hidden: false, className: 'w-24 pr-0 text-right text-ink-muted' },
] as const;
