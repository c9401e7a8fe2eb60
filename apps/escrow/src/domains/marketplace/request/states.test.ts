import { expect, test } from 'vitest'
import { mayMoveRequest, overridden, requestMoves } from './states.ts'
import { requestStatuses } from './vocabulary.ts'

test('nothing leads out of the last states, nor out of words of the past', () => {
  expect(requestMoves.cancelled).toEqual({})
  expect(requestMoves.seller_paid).toEqual({})
  for (const to of requestStatuses) {
    expect(mayMoveRequest('finalized', to, 'system')).toBe(false)
    expect(mayMoveRequest(null, to, 'system')).toBe(false)
  }
})

test('a buyer cancels only before the money came', () => {
  const cancellable = requestStatuses.filter((status) => mayMoveRequest(status, 'cancelled', 'buyer'))
  expect(cancellable).toEqual(['pending_payment', 'pending', 'active', 'received_offers', 'in_negotiation'])
})

test('nobody overrides a state in which there is money, nor one of the last', () => {
  const left = requestStatuses.filter((from) =>
    requestStatuses.some((to) => mayMoveRequest(from, to, 'override')),
  )
  expect(left).toEqual(['pending_payment', 'pending', 'active', 'received_offers', 'in_negotiation'])
  const made = requestStatuses.filter((to) => left.some((from) => mayMoveRequest(from, to, 'override')))
  expect(made.sort()).toEqual([...overridden].sort())
})

test('only the system moves a request to payment, only after an offer or a checkout', () => {
  for (const status of requestStatuses) {
    for (const mover of ['buyer', 'seller', 'admin', 'resolution', 'override'] as const) {
      expect(mayMoveRequest(status, 'payment', mover)).toBe(false)
    }
  }
  const payable = requestStatuses.filter((status) => mayMoveRequest(status, 'payment', 'system'))
  expect(payable).toEqual(['pending_payment', 'received_offers', 'in_negotiation'])
})

test('every state can be reached from the first ones', () => {
  const reached = new Set<string>(['pending', 'pending_payment'])
  for (const from of reached) {
    for (const to of Object.keys(requestMoves[from as keyof typeof requestMoves])) reached.add(to)
  }
  expect([...reached].sort()).toEqual([...requestStatuses].sort())
})
