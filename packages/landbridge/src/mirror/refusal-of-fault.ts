import { type DatabaseFault, sqlStates } from '../target/sql-state.ts'
import type { Refusal } from './source-state.ts'

/** Postgres' own refusal of a document that the mapping let through, e.g. a CHECK that no codec declares. */
export function refusalOf(fault: DatabaseFault | undefined): Refusal {
  const codes: Record<string, string> = {
    [sqlStates.checkViolation]: 'check',
    [sqlStates.notNullViolation]: 'required',
    [sqlStates.uniqueViolation]: 'unique',
    [sqlStates.exclusionViolation]: 'unique',
    [sqlStates.limitExceeded]: 'length',
    '22001': 'length',
    '22003': 'range',
    '22021': 'nul',
  }
  const place = [fault?.table, fault?.column ?? fault?.constraint]
    .filter((part) => part !== undefined)
    .join('.')
  return {
    path: '',
    code: codes[fault?.state ?? ''] ?? 'type',
    reason: `Postgres refuses the row${place === '' ? '' : ` at ${place}`} (SQLSTATE ${fault?.state}): ${fault?.message}`,
    valueType: 'document',
  }
}
