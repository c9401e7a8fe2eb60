import type { Paged } from '../../platform/answer.ts'
import type { Actor } from '../../platform/auth-guard.ts'
import { after, HOUR } from '../../platform/clock.ts'
import { invalidInput, notFound } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import type { DisputeRepositories } from '../../units.ts'
import type { RequestReadModel } from '../marketplace/request/index.ts'
import type { UserReadModel } from '../user/index.ts'
import { isStaff, moverOf, openerOf, visible } from './access.ts'
import { disputeEnded, disputeMoveRefused } from './errors.ts'
import type { DisputeListQuery, EvidenceInput, NewDisputeInput, ResolveInput, StatusInput } from './input.ts'
import type { Dispute, DisputePatch, StatusPriorityCount, TimeToResolve } from './model.ts'
import { type OpeningOptions, openDispute } from './open-dispute.ts'
import { emitEnded, type Refund } from './sent-effects.ts'
import { type DisputeMover, isOpen, mayMoveDispute } from './states.ts'
import type { DisputeStatus } from './vocabulary.ts'

export interface DisputeServiceOptions extends OpeningOptions {
  requests: RequestReadModel
  users: UserReadModel
}

export interface DisputeStatistics {
  byStatusAndPriority: StatusPriorityCount[]
  timeToResolve: TimeToResolve[]
}

export interface DisputeService {
  /** By the buyer or the chosen seller; what is available of the money is held. Raises NOT_FOUND, FORBIDDEN, DISPUTE_ALREADY_OPEN, DISPUTE_NOT_OPENED. */
  open(actor: Actor, input: NewDisputeInput): Promise<Dispute>
  /** Parties and staff. Raises NOT_FOUND. */
  get(actor: Actor, id: EntityId): Promise<Dispute>
  /** Parties see their own, staff all. */
  list(actor: Actor, query: DisputeListQuery): Promise<Paged<Dispute>>
  statistics(): Promise<DisputeStatistics>
  /** Whether a request is in dispute, for those who may see it. Raises NOT_FOUND. */
  openOf(actor: Actor, purchaseRequestId: EntityId): Promise<Dispute | null>
  /** Staff takes a dispute, or gives it to somebody of the staff. Raises NOT_FOUND, VALIDATION_FAILED, DISPUTE_ENDED. */
  assign(actor: Actor, id: EntityId, adminId?: EntityId): Promise<Dispute>
  /** Raises NOT_FOUND, DISPUTE_MOVE_REFUSED. */
  setStatus(actor: Actor, id: EntityId, input: StatusInput): Promise<Dispute>
  /** The money follows by an effect, and the request follows the money. Raises NOT_FOUND, DISPUTE_MOVE_REFUSED. */
  resolve(actor: Actor, id: EntityId, input: ResolveInput): Promise<Dispute>
  /** Who opened it, while nobody has taken it. Raises NOT_FOUND, DISPUTE_MOVE_REFUSED. */
  withdraw(actor: Actor, id: EntityId): Promise<Dispute>
  /** Raises NOT_FOUND, DISPUTE_ENDED. */
  addEvidence(actor: Actor, id: EntityId, evidence: EvidenceInput): Promise<Dispute>
  /** A party's answer to a question brings the dispute back to the staff. Raises NOT_FOUND, DISPUTE_ENDED. */
  addMessage(actor: Actor, id: EntityId, content: string): Promise<Dispute>
}

const RESPONSE_HOURS = 48

export function createDisputeService(options: DisputeServiceOptions): DisputeService {
  const { units, clock, requests, users } = options
  const store = units.dispute

  /** Everything that changes a dispute: held, seen by the actor, changed, and answered as it is then. */
  const change = (
    actor: Actor,
    id: EntityId,
    work: (repositories: DisputeRepositories, dispute: Dispute, at: Date) => Promise<void>,
  ) =>
    store.transaction(async (repositories) => {
      const dispute = visible(await repositories.disputes.findForUpdate(id), id, actor)
      await work(repositories, dispute, clock.now())
      return visible(await repositories.disputes.find(id), id, actor)
    })

  return {
    open: (actor, input) => openDispute(options, actor, input),

    get: async (actor, id) => visible(await store.read.disputes.find(id), id, actor),

    async list(actor, { page, limit, ...words }) {
      const filter = { ...words, ...(isStaff(actor) ? {} : { partyId: actor.id }) }
      const [items, total] = await Promise.all([
        store.read.disputes.list(filter, { limit, offset: (page - 1) * limit }),
        store.read.disputes.count(filter),
      ])
      return { items, total }
    },

    async statistics() {
      const { disputes } = store.read
      const [byStatusAndPriority, timeToResolve] = await Promise.all([
        disputes.countByStatusAndPriority(),
        disputes.timeToResolve(),
      ])
      return { byStatusAndPriority, timeToResolve }
    },

    async openOf(actor, purchaseRequestId) {
      if (!(await requests.isVisibleTo(actor, purchaseRequestId)))
        throw notFound('purchase request', publicId(purchaseRequestId))
      return store.read.disputes.findOpen(purchaseRequestId)
    },

    async assign(actor, id, adminId = actor.id) {
      await assertStaff(actor, adminId)
      return change(actor, id, async (repositories, dispute, at) => {
        if (!isOpen(dispute.status)) throw disputeEnded(id, dispute.status)
        const patch = { adminId }
        if (dispute.status === 'pending') {
          await move(repositories, dispute, {
            to: 'in_progress',
            as: moverOf(actor),
            by: actor.id,
            at,
            patch,
          })
        } else {
          await repositories.disputes.update(id, patch, at)
        }
        const details = publicId(adminId)
        const entry = { action: 'assigned', performedBy: actor.id, details, at }
        await repositories.disputes.append(id, 'timeline', entry, at)
      })
    },

    setStatus: (actor, id, { status, note }) =>
      change(actor, id, async (repositories, dispute, at) => {
        const patch =
          status === 'waiting_response' ? { responseDeadline: after(at, RESPONSE_HOURS * HOUR) } : {}
        await move(repositories, dispute, {
          to: status,
          as: moverOf(actor),
          by: actor.id,
          details: note,
          at,
          patch,
        })
        if (status !== 'rejected') return
        await emitEnded(repositories, dispute, { what: 'rejected', ...goesOn, by: actor.id, at })
      }),

    resolve: (actor, id, input) =>
      change(actor, id, async (repositories, dispute, at) => {
        const resolution = { ...input, resolvedBy: actor.id, resolvedAt: at }
        await move(repositories, dispute, {
          to: 'resolved',
          as: moverOf(actor),
          by: actor.id,
          details: input.action,
          at,
          patch: { resolution },
        })
        await emitEnded(repositories, dispute, {
          what: 'resolved',
          refund: refundOf(input),
          // The goods come a second time: the deal ends with them.
          concludes: input.action !== 'replacement',
          by: actor.id,
          at,
        })
      }),

    withdraw: (actor, id) =>
      change(actor, id, async (repositories, dispute, at) => {
        const as = openerOf(dispute) === actor.id ? 'opener' : moverOf(actor)
        await move(repositories, dispute, { to: 'withdrawn', as, by: actor.id, at })
        await emitEnded(repositories, dispute, { what: 'withdrawn', ...goesOn, by: actor.id, at })
      }),

    addEvidence: (actor, id, evidence) =>
      change(actor, id, async ({ disputes }, dispute, at) => {
        if (!isOpen(dispute.status)) throw disputeEnded(id, dispute.status)
        await disputes.append(id, 'evidence', { ...evidence, uploadedBy: actor.id, at }, at)
        const entry = { action: 'evidence_added', performedBy: actor.id, details: null, at }
        await disputes.append(id, 'timeline', entry, at)
      }),

    addMessage: (actor, id, content) =>
      change(actor, id, async (repositories, dispute, at) => {
        if (!isOpen(dispute.status)) throw disputeEnded(id, dispute.status)
        await repositories.disputes.append(id, 'messages', { senderId: actor.id, content, at }, at)
        if (dispute.status !== 'waiting_response' || isStaff(actor)) return
        await move(repositories, dispute, { to: 'in_progress', as: 'party', by: actor.id, at })
      }),
  }

  async function assertStaff(actor: Actor, adminId: EntityId): Promise<void> {
    if (adminId === actor.id) return
    const user = (await users.summaries([adminId])).get(adminId)
    if (user?.isActive === true && isStaff(user)) return
    throw invalidInput('Disputes are settled by administrators and resolvers.', [
      { path: 'body.adminId', message: 'is nobody of the staff' },
    ])
  }
}

interface Move {
  to: DisputeStatus
  as: DisputeMover
  by: EntityId
  details?: string | null
  at: Date
  patch?: Omit<DisputePatch, 'status'>
}

/** Moves a dispute that the transaction holds, and writes the move into its timeline. */
async function move(
  { disputes }: DisputeRepositories,
  dispute: Dispute,
  { to, as, by, details, at, patch }: Move,
): Promise<void> {
  if (!mayMoveDispute(dispute.status, to, as)) throw disputeMoveRefused(dispute.id, dispute.status, to)
  await disputes.update(dispute.id, { ...patch, status: to }, at)
  await disputes.append(
    dispute.id,
    'timeline',
    { action: to, performedBy: by, details: details ?? null, at },
    at,
  )
}

/** Of a dispute that was not resolved: the money is free, and the deal goes on as before. */
const goesOn = { refund: null, concludes: false } as const

/** What a resolution gives back to the buyer. */
function refundOf({ action, amount }: ResolveInput): Refund {
  if (action === 'refund') return amount ?? 'all'
  return action === 'compensation' ? amount : null
}
