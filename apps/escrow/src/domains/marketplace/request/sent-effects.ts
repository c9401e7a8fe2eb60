import { type EntityId, publicId } from '../../../platform/ids.ts'
import { type Amount, isPositive, subtractAmounts, zeroAmount } from '../../../platform/money.ts'
import type { RequestRepositories } from '../../../units.ts'
import type { PurchaseRequest } from './model.ts'

/** Tells the payment unit that the goods arrived: the money may be released from now on. */
export async function emitDelivered(
  { effects }: Pick<RequestRepositories, 'effects'>,
  id: EntityId,
  at: Date,
): Promise<void> {
  const requestId = publicId(id)
  await effects.emit({ type: 'request.delivered', key: requestId, payload: { requestId }, at })
}

/** Tells the user unit what was bought: points are earned for it, as far as it was not refunded. */
export async function emitCompleted(
  { effects, offers }: RequestRepositories,
  request: PurchaseRequest,
  at: Date,
  refunded: Amount = zeroAmount,
): Promise<void> {
  const { id, buyerId, selectedOfferId } = request
  const offer = selectedOfferId === null ? null : await offers.find(selectedOfferId)
  // Old requests were completed without a readable price: nothing can be earned from them.
  if (buyerId === null || offer === null || offer.price.amount === null) return
  const amount = subtractAmounts(offer.price.amount, refunded)
  if (!isPositive(amount)) return
  const payload = {
    requestId: publicId(id),
    buyerId: publicId(buyerId),
    amount,
    currency: offer.price.currency ?? 'USDT',
  }
  await effects.emit({ type: 'request.completed', key: payload.requestId, payload, at })
}
