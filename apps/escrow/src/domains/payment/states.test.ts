import { expect, test } from 'vitest'
import { escrowMoves, mayMoveEscrow, mayMoveStatus } from './states.ts'
import { type EscrowState, escrowStates } from './vocabulary.ts'

test('money that was paid out or back moves no more; only new money opens the escrow again', () => {
  expect(escrowMoves.released).toEqual({ partial: ['system'] })
  expect(escrowMoves.refunded).toEqual({ partial: ['system'] })
})

test('a release and a refund never begin on top of each other', () => {
  for (const state of ['releasing', 'refunding'] as const) {
    expect(mayMoveEscrow(state, 'releasing', 'admin')).toBe(false)
    expect(mayMoveEscrow(state, 'refunding', 'admin')).toBe(false)
  }
})

test('nobody but an administrator or a resolution releases', () => {
  for (const state of escrowStates) expect(mayMoveEscrow(state, 'releasing', 'system')).toBe(false)
  expect(mayMoveEscrow('releasable', 'releasing', 'admin')).toBe(true)
  expect(mayMoveEscrow('funded', 'releasing', 'admin')).toBe(false)
})

test('every state but the last ones can be left, and all can be reached', () => {
  const reached = new Set<string>(escrowStates.flatMap((state) => Object.keys(escrowMoves[state])))
  const never: EscrowState[] = ['none']
  expect(escrowStates.filter((state) => !reached.has(state))).toEqual(never)
})

test('old words lead nowhere; late money confirms what was given up', () => {
  expect(mayMoveStatus('archived', 'confirmed', 'system')).toBe(false)
  expect(mayMoveStatus(null, 'confirmed', 'system')).toBe(false)
  expect(mayMoveStatus('expired', 'confirmed', 'system')).toBe(true)
  expect(mayMoveStatus('refunded', 'confirmed', 'system')).toBe(false)
})
