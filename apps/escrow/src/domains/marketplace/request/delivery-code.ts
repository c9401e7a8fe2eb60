import type { Actor } from '../../../platform/auth-guard.ts'
import { after, type Clock, DAY, MINUTE, SECOND } from '../../../platform/clock.ts'
import { type DomainError, forbidden, notFound } from '../../../platform/errors.ts'
import { type EntityId, publicId } from '../../../platform/ids.ts'
import { type CodeHasher, randomCode } from '../../../platform/secret-code.ts'
import type { Units } from '../../../units.ts'
import {
  deliveryCodeUnusable,
  deliveryCodeWrong,
  moveRefused,
  requestInDispute,
  tooManyDeliveryAttempts,
} from './errors.ts'
import type { DeliveryAttempt, PurchaseRequest } from './model.ts'
import { moveRequest } from './move.ts'
import { emitDelivered } from './sent-effects.ts'
import { awaitingDelivery, isOneOf } from './states.ts'
import { sellerOf } from './visibility.ts'

const ATTEMPTS = 10
const ATTEMPT_WINDOW = 15 * MINUTE

export interface DeliveryCodes {
  /**
   * A new code for the buyer to hand over with the goods; an earlier one is void. Raises NOT_FOUND,
   * REQUEST_MOVE_REFUSED, REQUEST_IN_DISPUTE.
   */
  generateDeliveryCode(actor: Actor, id: EntityId): Promise<{ code: string; expiresAt: Date }>
  /**
   * The selected seller enters the buyer's code: the request is delivered. Raises NOT_FOUND, FORBIDDEN,
   * REQUEST_MOVE_REFUSED, REQUEST_IN_DISPUTE, DELIVERY_CODE_UNUSABLE, DELIVERY_CODE_WRONG, TOO_MANY_ATTEMPTS.
   */
  verifyDeliveryCode(actor: Actor, id: EntityId, code: string, ip: string | null): Promise<PurchaseRequest>
}

export function createDeliveryCodes(options: {
  units: Pick<Units, 'request'>
  clock: Clock
  codes: CodeHasher
  deliveryCodeDays: number
  inspectionEnd: (from: Date) => Date
}): DeliveryCodes {
  const { units, clock, codes } = options
  return {
    generateDeliveryCode: (actor, id) =>
      units.request.transaction(async ({ requests }) => {
        const request = await requests.findForUpdate(id)
        if (request === null || request.buyerId !== actor.id) refuseUnknown(id)
        if (!isOneOf(awaitingDelivery, request.status)) throw moveRefused(id, request.status, 'delivered')
        if (request.disputed === true) throw requestInDispute(id)
        const at = clock.now()
        const code = randomCode()
        const expiresAt = after(at, options.deliveryCodeDays * DAY)
        const patch = {
          deliveryCode: codes.hash(purposeOf(id), code),
          deliveryCodeGeneratedAt: at,
          deliveryCodeExpiresAt: expiresAt,
          deliveryCodeUsed: false,
        }
        await requests.update(id, patch, at)
        return { code, expiresAt }
      }),

    async verifyDeliveryCode(actor, id, code, ip) {
      // A wrong code must leave its trace, so the transaction ends well and the refusal is thrown after it.
      const answer = await units.request.transaction<PurchaseRequest | DomainError>(async (repositories) => {
        const { requests } = repositories
        const request = (await requests.findForUpdate(id)) ?? refuseUnknown(id)
        if ((await sellerOf(repositories, request)) !== actor.id) {
          throw forbidden('Only the seller whose offer was taken can enter the code.')
        }
        if (request.status !== 'delivery') throw moveRefused(id, request.status, 'delivered')
        if (request.disputed === true) throw requestInDispute(id)
        const at = clock.now()
        assertAttemptsLeft(request, actor.id, at)
        const stored = usableCode(request, at)
        const success = codes.matches(stored, purposeOf(id), code)
        const hashed = codes.hash(purposeOf(id), code)
        await requests.appendDeliveryAttempt(id, { code: hashed, attemptedBy: actor.id, at, success, ip })
        if (!success) return deliveryCodeWrong()
        const delivered = await moveRequest(repositories, request, {
          to: 'delivered',
          as: 'seller',
          by: actor.id,
          at,
          patch: {
            deliveryCodeUsed: true,
            deliveryCodeUsedAt: at,
            inspectionEndsAt: options.inspectionEnd(at),
          },
        })
        await emitDelivered(repositories, id, at)
        return delivered
      })
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

/** Binds a code to its request: the same six digits of another one do not fit. */
function purposeOf(id: EntityId): string {
  return `delivery:${publicId(id)}`
}

function usableCode({ delivery }: PurchaseRequest, at: Date): string {
  const isOver = delivery.codeExpiresAt !== null && delivery.codeExpiresAt <= at
  if (delivery.code === null || delivery.codeUsed === true || isOver) throw deliveryCodeUnusable()
  // Old codes were stored as numbers at times and lost their zeros.
  return /^\d{1,5}$/.test(delivery.code) ? delivery.code.padStart(6, '0') : delivery.code
}

function assertAttemptsLeft(request: PurchaseRequest, actorId: EntityId, at: Date): void {
  const since = at.getTime() - ATTEMPT_WINDOW
  const recent = request.deliveryAttempts.filter(
    (attempt): attempt is DeliveryAttempt & { at: Date } =>
      attempt.attemptedBy === actorId && attempt.at !== null && attempt.at.getTime() > since,
  )
  if (recent.length < ATTEMPTS) return
  const oldest = Math.min(...recent.map((attempt) => attempt.at.getTime()))
  throw tooManyDeliveryAttempts(Math.ceil((oldest - since) / SECOND))
}

function refuseUnknown(id: EntityId): never {
  throw notFound('purchase request', publicId(id))
}
