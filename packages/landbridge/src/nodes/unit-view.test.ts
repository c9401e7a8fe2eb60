import { expect, it } from 'vitest'
import type { UnitRow } from '../fence/unit-row.ts'
import type { Phase } from '../phase.ts'
import { viewOfCopy, viewOfRow } from './unit-view.ts'

const at = new Date(0)

function row(phase: Phase, epoch: bigint, status: UnitRow['status'] = 'open'): UnitRow {
  const fence = { fenceId: null, fenceTarget: null, fenceNode: null, fenceDeadline: null }
  return { name: 'sample', phase, epoch, status, entered: {}, ...fence }
}

it('holds writes from the announcement to the end of a fence', () => {
  expect(viewOfRow(row('shadow', 2n), at)).toMatchObject({ authority: 'mongo', held: false })
  expect(viewOfRow(row('shadow', 2n, 'announced'), at).held).toBe(true)
  expect(viewOfRow(row('postgres', 2n, 'fenced'), at)).toMatchObject({ authority: 'postgres', held: true })
})

it('serves a unit by the copy only where that says MongoDB and is not older than what was seen (C4)', () => {
  const authority = (copy: 'mongo' | 'postgres' | null, epoch: bigint, seen?: UnitRow) =>
    viewOfCopy('sample', copy === null ? undefined : { unit: 'sample', authority: copy, epoch }, seen, at)
      .authority
  expect(authority('mongo', 3n)).toBe('mongo')
  expect(authority('postgres', 3n)).toBe('unknown')
  expect(authority(null, 0n)).toBe('unknown')
  expect(authority('mongo', 3n, row('shadow', 3n))).toBe('mongo')
  // It has been rolled back since this node read the row.
  expect(authority('mongo', 5n, row('postgres', 4n))).toBe('mongo')
  // The copy has not been written yet: this node knows better.
  expect(authority('mongo', 3n, row('postgres', 4n))).toBe('unknown')
})
