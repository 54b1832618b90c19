/** The processes that carry a workload certificate. */
export const workloads = ['web', 'api', 'worker', 'vault'] as const;

export type Workload = (typeof workloads)[number];

export function isWorkload(name: string): name is Workload {
  return workloads.some((known) => known === name);
}

/** Doors of one process, `METHOD /path`, each with who may call it. A door that is not listed does not exist. */
export type Policy = Readonly<Record<string, readonly Workload[]>>;

/**
 * Who may call what between processes. The vault is the only process that answers others, and no caller gets a card
 * number back from any of these doors. The worker shows no page, so it needs no frame.
 */
export const policies = {
  vault: {
    'POST /grants': ['web', 'api'],
    'POST /tokens/describe': ['web', 'api', 'worker'],
    'POST /tokens/test': ['web', 'api', 'worker'],
    // A vault that is handed a token of another one passes the parcel on to the holder of its verification code.
    'POST /egress': ['web', 'api', 'worker', 'vault'],
  },
} as const satisfies Partial<Record<Workload, Policy>>;
