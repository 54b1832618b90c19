import type { EscalationKind, Finding } from '../view.ts';
import type { Escalation, Said } from './payment.ts';

/** An escalation's row as `to_json` writes it. */
export interface EscalationJson {
  id: string;
  operation_id: string | null;
  kind: EscalationKind;
  at_risk: number;
  evidence: Said;
  opened_at: string;
  finding: Finding | null;
  reason: string | null;
  found_ref: string | null;
  proposed_by: string | null;
  proposed_by_name: string | null;
  proposed_at: string | null;
  closed_how: 'answered' | 'confirmed' | null;
  closed_by: string | null;
  closed_by_name: string | null;
  closed_at: string | null;
}

export function escalationOf(row: EscalationJson): Escalation {
  return {
    id: row.id,
    operationId: row.operation_id,
    kind: row.kind,
    atRisk: BigInt(row.at_risk),
    evidence: row.evidence,
    openedAt: new Date(row.opened_at),
    proposal: proposalOf(row),
    closed: closingOf(row),
  };
}

function proposalOf(row: EscalationJson): Escalation['proposal'] {
  const { finding, reason, found_ref: foundRef, proposed_at: at } = row;
  const by = person(row.proposed_by, row.proposed_by_name);
  return finding && reason && by && at ? { finding, reason, foundRef, by, at: new Date(at) } : null;
}

function closingOf({ closed_how: how, closed_by, closed_by_name, closed_at: at }: EscalationJson) {
  return how && at ? { how, by: person(closed_by, closed_by_name), at: new Date(at) } : null;
}

function person(staffId: string | null, name: string | null) {
  return staffId === null ? null : { staffId, name: name ?? '' };
}
