import type { Paged } from '../../../platform/answer.ts'
import type { Actor } from '../../../platform/auth-guard.ts'
import type { Clock } from '../../../platform/clock.ts'
import { DomainError, notFound } from '../../../platform/errors.ts'
import type { AccountKey } from '../../../platform/extended-key.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import { entityReference } from '../../../platform/reference.ts'
import type { PaymentRepositories, Units } from '../../../units.ts'
import { isStanding } from '../../marketplace/offer/index.ts'
import type { RequestReadModel } from '../../marketplace/request/index.ts'
import { notPayable, unknownToken } from '../errors.ts'
import { chains } from '../tokens.ts'
import { derivationNotConfigured, destinationMoveRefused, sweepDiffers } from './errors.ts'
import type { DestinationListQuery, Funding, NewDestinationInput, SweepOutcome } from './input.ts'
import type { DerivedDestination, NewDestination } from './model.ts'
import { mayMoveDestination } from './states.ts'
import type { DestinationStatus } from './vocabulary.ts'

export interface DestinationServiceOptions {
  units: Pick<Units, 'payment'>
  requests: RequestReadModel
  clock: Clock
  /** The key that addresses are derived from; null where the installation has none. */
  addresses: AccountKey | null
}

export interface DestinationService {
  /**
   * The address that this buyer pays this offer to, on this chain: allocated once, and the same for ever after. Raises
   * NOT_FOUND, NOT_PAYABLE, TOKEN_NOT_SUPPORTED (the chain), DERIVATION_NOT_CONFIGURED.
   */
  allocate(
    buyer: Actor,
    input: NewDestinationInput,
  ): Promise<{ destination: DerivedDestination; reused: boolean }>
  /** Its buyer and administrators. Raises NOT_FOUND. */
  get(actor: Actor, id: EntityId): Promise<DerivedDestination>
  list(query: DestinationListQuery): Promise<Paged<DerivedDestination>>
  /** Money was seen. Raises NOT_FOUND, DESTINATION_MOVE_REFUSED. */
  fund(id: EntityId, funding: Funding): Promise<DerivedDestination>
  /** Somebody begins to take the money. Raises the same. */
  beginSweep(id: EntityId): Promise<DerivedDestination>
  /** The sweep ended; the same transaction is recorded once. Raises the same, and SWEEP_DIFFERS. */
  endSweep(id: EntityId, outcome: SweepOutcome): Promise<DerivedDestination>
}

type Held = PaymentRepositories & { destination: DerivedDestination; at: Date }

/** Derived destinations: who pays where, and what became of the money there. */
export function createDestinationService(options: DestinationServiceOptions): DestinationService {
  const { units, requests, clock, addresses } = options
  const { read } = units.payment

  async function sellerOf(buyer: Actor, { sellerOfferId, chainId }: NewDestinationInput): Promise<EntityId> {
    if (!chains.some((chain) => chain.chainId === chainId)) throw unknownToken(chainId, 'Payment')
    const offer = (await requests.offers([sellerOfferId])).get(sellerOfferId)
    const requestId = offer?.purchaseRequestId ?? null
    const request = requestId === null ? undefined : (await requests.requests([requestId])).get(requestId)
    if (offer === undefined || request?.buyerId !== buyer.id) throw notFound('offer', publicId(sellerOfferId))
    if (offer.sellerId === null) throw notPayable('The offer has no seller.')
    if (!isStanding(offer.status)) throw notPayable(`The offer is ${offer.status}.`)
    return offer.sellerId
  }

  /** Runs `change` on the destination while nobody else decides about it. */
  function change(id: EntityId, work: (held: Held) => Promise<void>): Promise<DerivedDestination> {
    return units.payment.transaction(async (repositories) => {
      const destination = await repositories.destinations.findForUpdate(id)
      if (destination === null) throw notFound('derived destination', publicId(id))
      await work({ ...repositories, destination, at: clock.now() })
      return (await repositories.destinations.find(id)) ?? destination
    })
  }

  return {
    async allocate(buyer, input) {
      if (addresses === null) throw derivationNotConfigured()
      const { sellerOfferId, chainId } = input
      const key = { buyerId: buyer.id, sellerOffer: entityReference(sellerOfferId), chainId }
      const known = await read.destinations.findByKey(key)
      if (known !== null) return { destination: known, reused: true }
      const seller = entityReference(await sellerOf(buyer, input))
      const attempt = () =>
        units.payment.transaction(async ({ destinations }) => {
          const open = await destinations.findByKey(key)
          if (open !== null) return { destination: open, reused: true }
          const derivationIndex = await destinations.nextIndex()
          const at = clock.now()
          const made: NewDestination = {
            ...key,
            id: newId(at),
            seller,
            address: addresses.addressAt(derivationIndex),
            derivationIndex,
            path: `m/44'/60'/0'/0/${derivationIndex}`,
            at,
          }
          await destinations.insert(made)
          const destination = await destinations.find(made.id)
          if (destination === null) throw new Error(`Destination ${made.id} vanished in its own transaction.`)
          return { destination, reused: false }
        })
      try {
        return await attempt()
      } catch (error) {
        // Two calls at once: the other one's address is there now, and this one answers with it.
        if (error instanceof DomainError && error.code === 'DESTINATION_EXISTS') return attempt()
        throw error
      }
    },

    async get(actor, id) {
      const destination = await read.destinations.find(id)
      const maySee = actor.role === 'admin' || destination?.buyerId === actor.id
      if (destination === null || !maySee) throw notFound('derived destination', publicId(id))
      return destination
    },

    async list({ page, limit, ...filter }) {
      const [items, total] = await Promise.all([
        read.destinations.list(filter, { limit, offset: (page - 1) * limit }),
        read.destinations.count(filter),
      ])
      return { items, total }
    },

    fund: (id, { balance }) =>
      change(id, async ({ destinations, destination, at }) => {
        // More money for what was seen already changes the balance alone.
        const isFunded = destination.status === 'funded'
        const patch = isFunded ? {} : { status: allowed(destination, 'funded') }
        await destinations.update(id, { ...patch, lastBalance: balance }, at)
      }),

    beginSweep: (id) =>
      change(id, async ({ destinations, destination, at }) => {
        await destinations.update(id, { status: allowed(destination, 'sweeping') }, at)
      }),

    endSweep: (id, outcome) =>
      change(id, async ({ destinations, destination, at }) => {
        if ('failed' in outcome) {
          await destinations.update(id, { status: allowed(destination, 'funded') }, at)
          return
        }
        const { txHash, amount } = outcome
        const recorded = destination.sweeps.find((sweep) => sweep.txHash === txHash)
        if (recorded !== undefined) {
          if (recorded.amount !== amount) throw sweepDiffers(txHash)
          return
        }
        const left = remaining(destination.lastBalance, amount)
        await destinations.addSweep(id, { txHash, amount, at })
        await destinations.update(id, { status: allowed(destination, 'swept'), lastBalance: left }, at)
      }),
  }
}

function allowed(destination: DerivedDestination, to: DestinationStatus): DestinationStatus {
  if (mayMoveDestination(destination.status, to, 'admin')) return to
  throw destinationMoveRefused(destination.id, destination.status, to)
}

/** Old balances may be missing or too low: nothing is below zero. */
function remaining(balance: string | null, taken: string): string {
  const left = BigInt(balance ?? '0') - BigInt(taken)
  return left > 0n ? left.toString() : '0'
}
