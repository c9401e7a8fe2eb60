import { expect, test } from 'vitest'
import { disputeMoves, isOpen, mayMoveDispute } from './states.ts'
import { disputeStatuses } from './vocabulary.ts'

test('nothing leads out of the last states, nor out of words of the past', () => {
  expect(disputeMoves.closed).toEqual({})
  expect(disputeMoves.withdrawn).toEqual({})
  for (const to of disputeStatuses) {
    for (const by of ['opener', 'party', 'resolver', 'admin'] as const) {
      expect(mayMoveDispute('under_review', to, by)).toBe(false)
      expect(mayMoveDispute(null, to, by)).toBe(false)
    }
  }
})

test('parties decide nothing: they withdraw what nobody took, and answer what was asked', () => {
  const moves = disputeStatuses.flatMap((from) =>
    disputeStatuses.flatMap((to) =>
      (['opener', 'party'] as const)
        .filter((by) => mayMoveDispute(from, to, by))
        .map((by) => `${from} ${to} ${by}`),
    ),
  )
  expect(moves).toEqual(['pending withdrawn opener', 'waiting_response in_progress party'])
})

test('every state can be reached from the first, and what ended never opens again', () => {
  const reached = new Set<string>(['pending'])
  for (const from of reached) {
    for (const to of Object.keys(disputeMoves[from as keyof typeof disputeMoves])) reached.add(to)
  }
  expect([...reached].sort()).toEqual([...disputeStatuses].sort())
  for (const from of disputeStatuses.filter((status) => !isOpen(status))) {
    expect(Object.keys(disputeMoves[from]).filter(isOpen)).toEqual([])
  }
})
