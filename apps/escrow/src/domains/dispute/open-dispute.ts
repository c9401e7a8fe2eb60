import type { Actor } from '../../platform/auth-guard.ts'
import { after, type Clock, DAY, HOUR } from '../../platform/clock.ts'
import { forbidden, notFound } from '../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { Units } from '../../units.ts'
import type { RequestReadModel } from '../marketplace/request/index.ts'
import type { Holds } from '../payment/index.ts'
import { OPENING_TIME } from './effects.ts'
import { disputeAlreadyOpen, disputeTooSlow } from './errors.ts'
import { categoryOf, type NewDisputeInput } from './input.ts'
import type { Dispute, NewDispute } from './model.ts'
import { emitOpened } from './sent-effects.ts'

const RESPONSE_HOURS = 48
const DAYS = 7

export interface OpeningOptions {
  units: Pick<Units, 'dispute'>
  clock: Clock
  requests: RequestReadModel
  holds: Holds
}

/**
 * Opens a dispute. The hold comes first, in the payment unit, under the dispute's id: from then on nothing is released.
 * Then the dispute is written. Where that fails the hold is lifted at once; where the process dies in between, the
 * effect `hold.placed` finds no dispute later and lifts it. So that it never lifts the hold of a dispute that still
 * comes, a dispute is not written long after its hold.
 */
export async function openDispute(
  { units, clock, requests, holds }: OpeningOptions,
  actor: Actor,
  input: NewDisputeInput,
): Promise<Dispute> {
  const { purchaseRequestId } = input
  const parties = await partiesOf(requests, purchaseRequestId)
  if (parties === null) throw notFound('purchase request', publicId(purchaseRequestId))
  if (actor.id !== parties.buyerId && actor.id !== parties.sellerId)
    throw forbidden('Only the buyer and the chosen seller of a request can open a dispute about it.')
  if ((await units.dispute.read.disputes.findOpen(purchaseRequestId)) !== null) throw disputeAlreadyOpen()

  const begun = clock.now()
  const id = newId(begun)
  const hold = { disputeId: id, requestId: purchaseRequestId }
  await holds.place(hold, actor.id)
  try {
    return await units.dispute.transaction(async (repositories) => {
      const at = clock.now()
      if (at.getTime() - begun.getTime() > OPENING_TIME) throw disputeTooSlow()
      const dispute = newDispute(id, parties, actor.id, input, at)
      await repositories.disputes.insert(dispute)
      await emitOpened(repositories, dispute, actor.id, at)
      const opened = await repositories.disputes.find(id)
      if (opened === null) throw new Error(`Dispute ${id} vanished in the transaction that made it.`)
      return opened
    })
  } catch (error) {
    // An unknown outcome may still have been a commit: then the hold is the dispute's, and stays.
    if ((await units.dispute.read.disputes.find(id)) === null) await holds.lift(hold)
    throw error
  }
}

interface Parties {
  buyerId: EntityId
  /** Null before an offer was taken. */
  sellerId: EntityId | null
}

async function partiesOf(requests: RequestReadModel, id: EntityId): Promise<Parties | null> {
  const request = (await requests.requests([id])).get(id)
  if (request === undefined || request.buyerId === null) return null
  const { buyerId, selectedOfferId } = request
  if (selectedOfferId === null) return { buyerId, sellerId: null }
  const offer = (await requests.offers([selectedOfferId])).get(selectedOfferId)
  return { buyerId, sellerId: offer?.sellerId ?? null }
}

function newDispute(
  id: EntityId,
  parties: Parties,
  openedBy: EntityId,
  input: NewDisputeInput,
  at: Date,
): NewDispute {
  return {
    ...parties,
    id,
    purchaseRequestId: input.purchaseRequestId,
    openedBy,
    paymentId: input.paymentId,
    reason: input.reason,
    description: input.description,
    priority: input.priority,
    category: categoryOf(input),
    evidence: input.evidence.map((one) => ({ ...one, uploadedBy: openedBy, at })),
    timeline: [{ action: 'created', performedBy: openedBy, details: null, at }],
    responseDeadline: after(at, RESPONSE_HOURS * HOUR),
    deadline: after(at, DAYS * DAY),
    at,
  }
}
