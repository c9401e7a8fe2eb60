import { and, asc, count, desc, eq, gte, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { bornAt, referenceValues } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import type { EntityId } from '../../platform/ids.ts'
import { type Amount, parseAmount } from '../../platform/money.ts'
import { violates } from '../../platform/postgres-error.ts'
import { entityReference, type Reference } from '../../platform/reference.ts'
import { openPayinExists, transactionAlreadyCredited } from './errors.ts'
import type { Payment, PaymentFilter } from './model.ts'
import type { PaymentRepository } from './repository.ts'
import { type PaymentRow, paymentOf } from './row.ts'
import { paymentQuotes, payments } from './schema.ts'
import { mergeDailyVolumes, mergeVolumes, shownVolume } from './volume.ts'

/** Payments in Postgres. */
export function createPaymentRepository(db: Database): PaymentRepository {
  async function withQuotes(rows: PaymentRow[]): Promise<Payment[]> {
    if (rows.length === 0) return []
    const ids = rows.map((row) => row.id)
    const quotes = await db
      .select()
      .from(paymentQuotes)
      .where(sql`${paymentQuotes.paymentId} = any(${sql.param(ids)}::uuid[])`)
    const byPayment = new Map(quotes.map((quote) => [quote.paymentId, quote]))
    return rows.map((row) => paymentOf(row, byPayment.get(row.id) ?? null))
  }

  async function load(id: EntityId, lock: boolean): Promise<Payment | null> {
    const query = db.select().from(payments).where(eq(payments.id, id))
    const [payment] = await withQuotes(lock ? await query.for('update') : await query)
    return payment ?? null
  }

  return {
    async insert(payment) {
      const { id, at, quote } = payment
      try {
        await db.insert(payments).values({
          ...payment,
          ...bornAt(id, at),
          ...referenceValues('purchaseRequest', entityReference(payment.purchaseRequestId)),
          ...referenceValues('sellerOffer', entityReference(payment.sellerOfferId)),
          ...referenceValues('seller', entityReference(payment.sellerId)),
          direction: 'in',
          status: 'pending',
          escrowState: 'none',
          ledgerComplete: true,
          origin: 'app',
        })
      } catch (error) {
        if (violates(error, 'payments_open_payin_key')) throw openPayinExists(error)
        throw error
      }
      await db.insert(paymentQuotes).values({ ...quote, paymentId: id, ordinal: 0 })
    },

    find: (id) => load(id, false),
    findForUpdate: (id) => load(id, true),

    async findMany(ids) {
      const isOne = sql`${payments.id} = any(${sql.param(ids)}::uuid[])`
      return withQuotes(await db.select().from(payments).where(isOne))
    },

    async findOpenPayin(buyerId, requestId, offerId) {
      const rows = await db
        .select()
        .from(payments)
        .where(
          and(
            eq(payments.buyerId, buyerId),
            eq(payments.purchaseRequestId, requestId),
            eq(payments.sellerOfferId, offerId),
            eq(payments.direction, 'in'),
            or(statusIs('pending'), statusIs('processing')),
          ),
        )
        .orderBy(desc(payments.id))
        .limit(1)
      const [payment] = await withQuotes(rows)
      return payment ?? null
    },

    async list(filter, page) {
      const rows = await db
        .select()
        .from(payments)
        .where(matching(filter))
        // Old rows without a time come last, as MongoDB sorts missing values below all others.
        .orderBy(sql`${payments.createdAt} desc nulls last`, desc(payments.id))
        .limit(page.limit)
        .offset(page.offset)
      return withQuotes(rows)
    },

    async count(filter) {
      const [row] = await db.select({ count: count() }).from(payments).where(matching(filter))
      return row?.count ?? 0
    },

    async volumes(filter) {
      const keptStatus = sql<unknown>`${payments.extra} -> 'status'`
      const keptCurrency = sql<unknown>`${payments.extra} -> 'amount.currency'`
      const rows = await db
        .select({
          status: payments.status,
          keptStatus,
          currency: payments.currency,
          keptCurrency,
          count: count(),
          amount: sql<string>`coalesce(sum(${payments.amount}), 0)`,
        })
        .from(payments)
        .where(matching(filter))
        .groupBy(payments.status, keptStatus, payments.currency, keptCurrency)
        .orderBy(asc(payments.status), asc(payments.currency))
      return mergeVolumes(rows.map((row) => ({ ...shownVolume(row), amount: amountOf(row.amount) })))
    },

    async dailyVolumes({ from, to }, filter) {
      const day = sql<string>`to_char(${payments.createdAt} at time zone 'UTC', 'YYYY-MM-DD')`
      const keptProvider = sql<unknown>`${payments.extra} -> 'provider'`
      const keptCurrency = sql<unknown>`${payments.extra} -> 'amount.currency'`
      const rows = await db
        .select({
          day,
          provider: payments.provider,
          keptProvider,
          currency: payments.currency,
          keptCurrency,
          count: count(),
          amount: sql<string>`coalesce(sum(${payments.amount}), 0)`,
        })
        .from(payments)
        .where(and(gte(payments.createdAt, from), lt(payments.createdAt, to), matching(filter)))
        .groupBy(day, payments.provider, keptProvider, payments.currency, keptCurrency)
      return mergeDailyVolumes(
        rows.map(({ keptProvider, keptCurrency, ...row }) => ({
          ...row,
          provider: row.provider ?? keptText({ provider: keptProvider }, 'provider'),
          currency: row.currency ?? keptText({ currency: keptCurrency }, 'currency'),
          amount: amountOf(row.amount),
        })),
      )
    },

    async update(id, patch, at) {
      try {
        await db
          .update(payments)
          .set({ ...patch, updatedAt: at })
          .where(eq(payments.id, id))
      } catch (error) {
        if (violates(error, 'payments_transaction_key')) throw transactionAlreadyCredited(error)
        // An old twin, whose status stood in `extra` only, would become a second open one.
        if (violates(error, 'payments_open_payin_key')) throw openPayinExists(error)
        throw error
      }
    },
  }
}

/** `sum` of a numeric(38, 18) comes with all its zeros. */
function amountOf(text: string): Amount {
  return parseAmount(text)
}

function matching(filter: PaymentFilter): SQL | undefined {
  const { buyerId, sellerId, purchaseRequest, status, provider, direction } = filter
  return and(
    buyerId === undefined ? undefined : eq(payments.buyerId, buyerId),
    sellerId === undefined ? undefined : eq(payments.sellerId, sellerId),
    purchaseRequest === undefined ? undefined : requestIs(purchaseRequest),
    status === undefined ? undefined : statusIs(status),
    provider === undefined ? undefined : keptOr(payments.provider, 'provider', provider),
    direction === undefined ? undefined : keptOr(payments.direction, 'direction', direction),
  )
}

function requestIs(reference: Reference): SQL {
  return reference.kind === 'entity'
    ? eq(payments.purchaseRequestId, reference.id)
    : eq(payments.purchaseRequestExternalRef, reference.external)
}

function statusIs(status: string): SQL | undefined {
  return keptOr(payments.status, 'status', status)
}

/** Also where the word is an old one, or lost its column to a unique index, and stands in `extra`. */
function keptOr(
  column: typeof payments.status | typeof payments.provider | typeof payments.direction,
  path: string,
  word: string,
): SQL | undefined {
  const kept = sql`${payments.extra} -> ${path} ->> 'value' = ${word}`
  return or(sql`${column} = ${word}`, and(isNull(column), kept))
}
