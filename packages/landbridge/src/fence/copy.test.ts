import { expect, it } from 'vitest'
import type { Phase } from '../phase.ts'
import { compareWithCopy, copyFor, refuseRowThatWentBack } from './copy.ts'
import type { UnitRow } from './unit-row.ts'

function row(
  phase: Phase,
  epoch: bigint,
  fence?: { status: 'announced' | 'fenced'; target: Phase },
): UnitRow {
  return {
    name: 'sample',
    phase,
    epoch,
    status: fence?.status ?? 'open',
    fenceId: fence === undefined ? null : 'a',
    fenceTarget: fence?.target ?? null,
    fenceNode: null,
    fenceDeadline: null,
    entered: {},
  }
}

const copy = (authority: 'mongo' | 'postgres', epoch: bigint) => ({ unit: 'sample', authority, epoch })

it.each([
  [row('mirror', 3n), 'mongo'],
  [row('postgres', 3n), 'postgres'],
  [row('retired', 3n), 'postgres'],
  // Closed from the moment that the fence towards Postgres is open, and not opened before a rollback has committed.
  [row('shadow', 3n, { status: 'announced', target: 'postgres' }), 'mongo'],
  [row('shadow', 3n, { status: 'fenced', target: 'postgres' }), 'postgres'],
  [row('postgres', 3n, { status: 'fenced', target: 'shadow' }), 'postgres'],
])('tells what the copy of a row must say (%#)', (given, authority) => {
  expect(copyFor(given)).toEqual(copy(authority === 'mongo' ? 'mongo' : 'postgres', 3n))
})

it.each([
  ['no copy yet', undefined, 'copy-behind'],
  ['an older copy', copy('postgres', 2n), 'copy-behind'],
  ['the copy of this row', copy('mongo', 3n), 'equal'],
  ['another copy of this epoch', copy('postgres', 3n), 'row-went-back'],
  ['a copy of a later epoch', copy('mongo', 4n), 'row-went-back'],
])('compares a row with %s', (_what, found, verdict) => {
  const given = row('shadow', 3n)
  expect(compareWithCopy(given, found)).toBe(verdict)
  const refuse = () => refuseRowThatWentBack(given, found)
  if (verdict === 'row-went-back') expect(refuse).toThrow(/lost a commit/)
  else expect(refuse).not.toThrow()
})
