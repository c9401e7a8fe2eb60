import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EntityId, parseId, publicId } from '../platform/ids.ts'
import type { Role } from '../platform/roles.ts'
import { signUp } from '../testing/escrow-app.ts'
import { type EscrowDatabase, escrowDatabase } from '../testing/escrow-database.ts'
import { type Marketplace, marketplace, newOffer, newRequest, paidRequest } from '../testing/marketplace.ts'
import { type DisputeMover, disputeMoves, isOpen } from './dispute/states.ts'
import { offerMoves } from './marketplace/offer/states.ts'
import { awaitingDelivery, isOneOf, overridden, requestMoves } from './marketplace/request/states.ts'

/** Whoever may send a command; `buyer` and `seller` are those of the request. */
const actors = ['buyer', 'otherBuyer', 'seller', 'otherSeller', 'admin', 'resolver', 'nobody'] as const
type Actor = (typeof actors)[number]
type Table = 'purchase_requests' | 'seller_offers' | 'disputes'

interface Command {
  name: string
  method: 'POST' | 'PUT' | 'PATCH'
  url: string
  body?: object
  /** The state that it leads to, for this actor; null where it is refused. The same state: done, and nothing moved. */
  leadsTo(from: string, actor: Actor): string | null
}

let database: EscrowDatabase
let market: Marketplace
let client: pg.PoolClient
const tokens = new Map<Actor, string>()
beforeAll(async () => {
  database = await escrowDatabase()
  market = await marketplace(database.units)
  client = await database.pool.connect()
  // This connection writes as replication does: behind the triggers' back.
  await client.query('set session_replication_role = replica')
  const roles: Record<Exclude<Actor, 'nobody' | 'buyer' | 'seller' | 'admin'>, Role> = {
    otherBuyer: 'buyer',
    otherSeller: 'seller',
    resolver: 'resolver',
  }
  for (const [actor, role] of Object.entries(roles)) {
    const { id } = await signUp(market.escrow)
    tokens.set(actor as Actor, await market.escrow.tokenFor(role, parseId(id)))
  }
  for (const role of ['buyer', 'seller', 'admin'] as const) tokens.set(role, market[role].token)
})
afterAll(async () => {
  client.release(true)
  await market.escrow.app.close()
  await database[Symbol.asyncDispose]()
})

async function put(table: Table, id: EntityId, columns: Record<string, unknown>): Promise<void> {
  const names = Object.keys(columns)
  const set = names.map((name, index) => `${name} = $${index + 2}`).join(', ')
  await client.query(`update ${table} set ${set} where id = $1`, [id, ...Object.values(columns)])
}

async function statusOf(table: Table, id: EntityId): Promise<string> {
  return (await client.query(`select status from ${table} where id = $1`, [id])).rows[0].status
}

/** Tries the commands in every state as everybody; `reset` makes what they touch as it was. */
async function tryAll(
  table: Table,
  id: EntityId,
  states: readonly string[],
  commands: readonly Command[],
  reset: (state: string) => Promise<void>,
): Promise<void> {
  for (const { name, method, url, body, leadsTo } of commands) {
    for (const state of states) {
      for (const actor of actors) {
        // The door does not look at the state.
        if (actor === 'nobody' && state !== states[0]) continue
        await reset(state)
        const token = tokens.get(actor)
        const answer = await market.escrow.call(method, url, {
          body: body ?? {},
          ...(token === undefined ? {} : { token }),
        })
        const to = leadsTo(state, actor)
        const tried = { name, state, actor }
        expect({ ...tried, done: answer.status < 300, status: await statusOf(table, id) }).toEqual({
          ...tried,
          done: to !== null,
          status: to ?? state,
        })
        if (actor === 'nobody') expect(answer.status).toBe(401)
      }
    }
  }
}

function listed(moves: object, from: string, to: string, mover: string): boolean {
  const machine = moves as Record<string, Record<string, readonly string[] | undefined>>
  return machine[from]?.[to]?.includes(mover) ?? false
}

describe('every state, command and actor', () => {
  test('of a purchase request', async () => {
    const { requestId } = await paidRequest(market)
    const id = parseId(requestId)
    const url = `/api/marketplace/purchase-requests/${requestId}`
    await put('purchase_requests', id, { status: 'delivery' })
    const asBuyer = { token: market.buyer.token }
    const { code } = (await market.escrow.call('POST', `${url}/delivery-code/generate`, asBuyer)).body.data
    const { selected_offer_id, delivery_code } = (
      await client.query('select selected_offer_id, delivery_code from purchase_requests where id = $1', [id])
    ).rows[0]
    const move = (from: string, to: string, mover: string | null | undefined) =>
      mover != null && listed(requestMoves, from, to, mover) ? to : null
    const commands: Command[] = [
      {
        name: 'cancel',
        method: 'POST',
        url: `${url}/cancel`,
        body: { reason: 'forbidden goods' },
        leadsTo: (from, actor) =>
          actor === 'buyer' || actor === 'admin'
            ? move(from, 'cancelled', actor === 'admin' ? 'override' : 'buyer')
            : null,
      },
      ...overridden.map(
        (status): Command => ({
          name: `override to ${status}`,
          method: 'PATCH',
          url: `${url}/status`,
          body: { status, reason: 'forbidden goods' },
          leadsTo: (from, actor) => (actor === 'admin' ? move(from, status, 'override') : null),
        }),
      ),
      {
        name: 'ship',
        method: 'PUT',
        url: `${url}/delivery`,
        leadsTo: (from, actor) => (actor === 'seller' ? move(from, 'delivery', 'seller') : null),
      },
      {
        name: 'make a code',
        method: 'POST',
        url: `${url}/delivery-code/generate`,
        leadsTo: (from, actor) => (actor === 'buyer' && isOneOf(awaitingDelivery, from) ? from : null),
      },
      {
        name: 'enter the code',
        method: 'POST',
        url: `${url}/delivery-code/verify`,
        body: { code },
        leadsTo: (from, actor) => (actor === 'seller' ? move(from, 'delivered', 'seller') : null),
      },
      {
        name: 'confirm the delivery',
        method: 'POST',
        url: `${url}/confirm-delivery`,
        leadsTo: (from, actor) =>
          actor === 'buyer' || actor === 'admin' ? move(from, 'delivered', actor) : null,
      },
      {
        name: 'complete',
        method: 'POST',
        url: `${url}/complete`,
        // The inspection of what was delivered begins on the way.
        leadsTo: (from, actor) =>
          actor === 'buyer' ? move(from === 'delivered' ? 'confirming' : from, 'completed', 'buyer') : null,
      },
    ]
    const reset = (status: string) =>
      put('purchase_requests', id, {
        status,
        selected_offer_id,
        delivery_code,
        delivery_code_used: false,
      })
    await tryAll('purchase_requests', id, Object.keys(requestMoves), commands, reset)
  })

  test('of an offer', async () => {
    const requestId = await newRequest(market)
    const offerId = await newOffer(market, requestId)
    const id = parseId(offerId)
    const answer = (actor: Actor, who: 'buyer' | 'seller', to: string) => (from: string) =>
      actor === who && (from === to || listed(offerMoves, from, to, who)) ? to : null
    const commands: Command[] = [
      {
        name: 'accept',
        method: 'POST',
        url: `/api/marketplace/offers/${offerId}/accept`,
        leadsTo: (from, actor) => answer(actor, 'buyer', 'accepted')(from),
      },
      {
        name: 'withdraw',
        method: 'POST',
        url: `/api/marketplace/offers/${offerId}/withdraw`,
        leadsTo: (from, actor) => answer(actor, 'seller', 'withdrawn')(from),
      },
    ]
    await tryAll('seller_offers', id, Object.keys(offerMoves), commands, async (status) => {
      await put('purchase_requests', parseId(requestId), {
        status: 'received_offers',
        selected_offer_id: null,
      })
      await put('seller_offers', id, { status })
    })
  })

  test('of a dispute', async () => {
    const { requestId } = await paidRequest(market)
    const opened = await market.escrow.call('POST', '/api/disputes', {
      token: market.buyer.token,
      body: { purchaseRequestId: requestId, reason: 'not_delivered', description: 'Nothing came.' },
    })
    const id = parseId(opened.body.data.id)
    const url = `/api/disputes/${publicId(id)}`
    const staff = (actor: Actor) => actor === 'admin' || actor === 'resolver'
    const movers: Partial<Record<Actor, DisputeMover>> = {
      buyer: 'opener',
      seller: 'party',
      admin: 'admin',
      resolver: 'resolver',
    }
    const move = (from: string, to: string, mover: DisputeMover | undefined) =>
      mover !== undefined && listed(disputeMoves, from, to, mover) ? to : null
    const byStaff = (to: string) => (from: string, actor: Actor) =>
      staff(actor) ? move(from, to, movers[actor]) : null
    const commands: Command[] = [
      {
        name: 'assign',
        method: 'POST',
        url: `${url}/assign`,
        leadsTo: (from, actor) =>
          staff(actor) && isOpen(from) ? (from === 'pending' ? 'in_progress' : from) : null,
      },
      ...(['in_progress', 'waiting_response', 'rejected', 'closed'] as const).map(
        (status): Command => ({
          name: `set ${status}`,
          method: 'PATCH',
          url: `${url}/status`,
          body: { status },
          leadsTo: byStaff(status),
        }),
      ),
      {
        name: 'resolve',
        method: 'POST',
        url: `${url}/resolve`,
        body: { action: 'no_action' },
        leadsTo: byStaff('resolved'),
      },
      {
        name: 'withdraw',
        method: 'POST',
        url: `${url}/withdraw`,
        leadsTo: (from, actor) => move(from, 'withdrawn', movers[actor]),
      },
      {
        name: 'answer',
        method: 'POST',
        url: `${url}/messages`,
        body: { content: 'It came.' },
        leadsTo: (from, actor) => {
          if (movers[actor] === undefined || !isOpen(from)) return null
          return from === 'waiting_response' && !staff(actor) ? 'in_progress' : from
        },
      },
    ]
    await tryAll('disputes', id, Object.keys(disputeMoves), commands, (status) =>
      put('disputes', id, { status, messages: '[]', timeline: '[]' }),
    )
  })
})
