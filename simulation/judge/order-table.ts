// The states of an order and its steps, written a second time from the checkout's own page: `from trigger to`.

/** How an order begins: from no state. */
export const orderBirth = 'create open';

const steps = `
  open         pay                paid
  open         cancel             canceled
  open         expire             expired
  paid         begin_fulfilment   fulfilling
  fulfilling   warehouse_asked    fulfilling
  fulfilling   warehouse_silent   fulfilling
  fulfilling   given_up           fulfilling
  fulfilling   retried            fulfilling
  fulfilling   ship               fulfilled
  fulfilling   refuse             failed
  fulfilling   call_off           failed
  failed       refund_asked       failed
  failed       refund_refused     failed
  failed       given_up           failed
  failed       retried            failed
  failed       compensate         compensated
  compensated  undo_compensation  failed
`;

export const legalOrderSteps: readonly string[] = steps
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/).join(' '));
