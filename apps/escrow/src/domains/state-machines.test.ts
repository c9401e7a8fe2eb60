import { describe, expect, test } from 'vitest'
import { type DisputeMover, disputeMoves, mayMoveDispute } from './dispute/states.ts'
import { mayMoveOffer, type OfferMover, offerMoves } from './marketplace/offer/states.ts'
import { type Mover, mayMoveRequest, requestMoves } from './marketplace/request/states.ts'
import { type DestinationMover, destinationMoves, mayMoveDestination } from './payment/destination/states.ts'
import {
  type EscrowMover,
  escrowMoves,
  mayMoveEscrow,
  mayMoveStatus,
  type PaymentMover,
  statusMoves,
} from './payment/states.ts'

/** Every move of a machine and who may make it, written down a second time: one per line. */
type Rules = Record<string, string>

const openRequest = 'buyer system override'
const money = 'resolution'

const requestRules: Rules = {
  'pending_payment > payment': 'system',
  'pending_payment > cancelled': openRequest,
  'pending > active': 'admin system',
  'pending > received_offers': 'system',
  'pending > cancelled': openRequest,
  'active > pending': 'override',
  'active > received_offers': 'system',
  'active > cancelled': openRequest,
  'received_offers > in_negotiation': 'system',
  'received_offers > payment': 'system',
  'received_offers > cancelled': openRequest,
  'in_negotiation > received_offers': 'override',
  'in_negotiation > payment': 'system',
  'in_negotiation > cancelled': openRequest,
  'payment > processing': 'seller',
  'payment > delivery': 'seller',
  'payment > cancelled': 'admin resolution',
  'processing > delivery': 'seller',
  'processing > cancelled': 'admin resolution',
  'delivery > delivered': 'seller buyer admin',
  'delivery > cancelled': money,
  'delivery > completed': money,
  'delivered > confirming': 'system',
  'delivered > cancelled': money,
  'delivered > completed': money,
  'confirming > completed': 'buyer system resolution',
  'confirming > cancelled': money,
  'completed > seller_paid': 'system',
}

const offerRules: Rules = {
  'pending > accepted': 'buyer system',
  'pending > rejected': 'buyer system',
  'pending > withdrawn': 'seller system',
  'active > accepted': 'buyer system',
  'active > rejected': 'buyer system',
  'active > withdrawn': 'seller system',
  'accepted > rejected': 'system',
}

const paymentRules: Rules = {
  'pending > processing': 'system',
  'pending > confirmed': 'system',
  'pending > failed': 'system',
  'pending > cancelled': 'buyer',
  'pending > expired': 'timer',
  'processing > confirmed': 'system',
  'processing > failed': 'system',
  'processing > cancelled': 'buyer',
  'processing > expired': 'timer',
  'confirmed > completed': 'system',
  'confirmed > refunded': 'system',
  'failed > confirmed': 'system',
  'cancelled > confirmed': 'system',
  'expired > confirmed': 'system',
}

const refund = 'admin system resolution'

const escrowRules: Rules = {
  'none > funded': 'system',
  'none > failed': 'system',
  'none > cancelled': 'system',
  'funded > releasable': 'system',
  'funded > refunding': refund,
  'releasable > releasing': 'admin resolution',
  'releasable > refunding': refund,
  'releasing > released': 'system',
  'releasing > partial': 'system',
  'releasing > releasable': 'system',
  'released > partial': 'system',
  'refunding > refunded': 'system',
  'refunding > partial': 'system',
  'refunding > funded': 'system',
  'refunding > releasable': 'system',
  'refunded > partial': 'system',
  'partial > releasing': 'admin resolution',
  'partial > refunding': refund,
  'failed > funded': 'system',
  'cancelled > funded': 'system',
}

const staff = 'resolver admin'

const disputeRules: Rules = {
  'pending > in_progress': staff,
  'pending > withdrawn': 'opener',
  'in_progress > waiting_response': staff,
  'in_progress > resolved': staff,
  'in_progress > rejected': staff,
  'waiting_response > in_progress': `${staff} party`,
  'waiting_response > resolved': staff,
  'waiting_response > rejected': staff,
  'resolved > closed': staff,
  'rejected > closed': staff,
}

const destinationRules: Rules = {
  'allocated > funded': 'system admin',
  'allocated > retired': 'admin',
  'funded > sweeping': 'system admin',
  'sweeping > swept': 'system admin',
  'sweeping > funded': 'system admin',
  'swept > funded': 'system admin',
  'swept > retired': 'admin',
}

interface Machine<State extends string, Actor extends string> {
  states: readonly State[]
  actors: readonly Actor[]
  mayMove: (from: string | null, to: State, by: Actor) => boolean
  rules: Rules
}

function statesOf<State extends string>(moves: Record<State, unknown>): State[] {
  return Object.keys(moves) as State[]
}

/** Every state, aim and actor, also from words of the past and from nothing. */
function comparesAll<State extends string, Actor extends string>(machine: Machine<State, Actor>): void {
  const { states, actors, mayMove, rules } = machine
  const allowed: string[] = []
  for (const from of [...states, 'a word of the past', null]) {
    for (const to of states) {
      for (const by of actors) if (mayMove(from, to, by)) allowed.push(`${from} > ${to} by ${by}`)
    }
  }
  const expected = Object.entries(rules).flatMap(([move, movers]) =>
    movers.split(' ').map((by) => `${move} by ${by}`),
  )
  expect(allowed.sort()).toEqual(expected.sort())
}

describe('who may move what, for every state, aim and actor', () => {
  test('a purchase request', () => {
    const actors: Mover[] = ['buyer', 'seller', 'admin', 'system', 'resolution', 'override']
    comparesAll({ states: statesOf(requestMoves), actors, mayMove: mayMoveRequest, rules: requestRules })
  })

  test('an offer', () => {
    const actors: OfferMover[] = ['buyer', 'seller', 'system']
    comparesAll({ states: statesOf(offerMoves), actors, mayMove: mayMoveOffer, rules: offerRules })
  })

  test('a payment, and its escrow', () => {
    const actors: PaymentMover[] = ['system', 'buyer', 'timer']
    comparesAll({ states: statesOf(statusMoves), actors, mayMove: mayMoveStatus, rules: paymentRules })
    const movers: EscrowMover[] = ['system', 'admin', 'resolution']
    comparesAll({ states: statesOf(escrowMoves), actors: movers, mayMove: mayMoveEscrow, rules: escrowRules })
  })

  test('a dispute', () => {
    const actors: DisputeMover[] = ['opener', 'party', 'resolver', 'admin']
    comparesAll({ states: statesOf(disputeMoves), actors, mayMove: mayMoveDispute, rules: disputeRules })
  })

  test('a derived destination', () => {
    const actors: DestinationMover[] = ['system', 'admin']
    const states = statesOf(destinationMoves)
    comparesAll({ states, actors, mayMove: mayMoveDestination, rules: destinationRules })
  })
})
