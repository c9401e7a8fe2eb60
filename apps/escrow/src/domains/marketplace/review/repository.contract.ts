import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../../platform/ids.ts'
import type { UnitStore } from '../../../platform/unit-store.ts'
import type { CountStatements } from '../../../testing/counted-statements.ts'
import type { ReviewRepositories } from '../../../units.ts'
import type { NewReview, Review } from './model.ts'

type Store = UnitStore<ReviewRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000)

/** A review of today's form: of a seller, published. */
export function exampleReview(subjectId: EntityId, changes: Partial<NewReview> = {}): NewReview {
  return {
    id: newId(),
    subjectType: 'seller',
    subjectId,
    sellerId: subjectId,
    reviewerId: newId(),
    rating: 5,
    comment: 'عالی بود 👍',
    isVerifiedBuyer: true,
    purchaseRequestId: newId(),
    status: 'published',
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

async function insert(store: Store, ...all: NewReview[]): Promise<void> {
  await store.transaction(async ({ reviews }) => {
    for (const one of all) await reviews.insert(one)
  })
}

/** What every implementation of `ReviewRepository` must do. */
export function reviewRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  const page = { page: 1, limit: 10 }

  test('a review comes back as it was stored, absent values included', async () => {
    const store = await freshStore()
    const full = exampleReview(newId())
    const bare = exampleReview(newId(), {
      rating: null,
      comment: null,
      isVerifiedBuyer: null,
      purchaseRequestId: null,
    })
    await insert(store, full, bare)
    expect(await store.read.reviews.find(full.id)).toEqual(full)
    expect(await store.read.reviews.find(bare.id)).toEqual(bare)
    expect(await store.read.reviews.find(newId())).toBeNull()
  })

  test('one person reviews a subject once, and others of the same id besides', async () => {
    const store = await freshStore()
    const subjectId = newId()
    const first = exampleReview(subjectId)
    const { reviewerId } = first
    await insert(store, first, exampleReview(subjectId), exampleReview(newId(), { reviewerId }))
    await insert(store, exampleReview(subjectId, { reviewerId, subjectType: 'template' }))
    const again = insert(store, exampleReview(subjectId, { reviewerId, rating: 1 }))
    await expect(again).rejects.toMatchObject({ code: 'REVIEW_EXISTS' })
  })

  test('the published ones of a subject, newest first and paged', async () => {
    const store = await freshStore()
    const subjectId = newId()
    const all = [0, 1, 2, 3].map((minutes) => exampleReview(subjectId, { createdAt: later(minutes) }))
    await insert(
      store,
      ...all,
      exampleReview(subjectId, { status: 'pending' }),
      exampleReview(subjectId, { subjectType: 'template' }),
      exampleReview(newId()),
    )
    const subject = { subjectType: 'seller' as const, subjectId }
    const idsOf = (items: Review[]) => items.map(({ id }) => id)
    const newest = all.toReversed()
    const list = await store.read.reviews.listPublished(subject, { page: 1, limit: 3 })
    expect(list.total).toBe(4)
    expect(list.items).toEqual(newest.slice(0, 3))
    const rest = await store.read.reviews.listPublished(subject, { page: 2, limit: 3 })
    expect(idsOf(rest.items)).toEqual(idsOf(newest.slice(3)))
    const nobody = { ...subject, subjectId: newId() }
    expect(await store.read.reviews.listPublished(nobody, page)).toEqual({ items: [], total: 0 })
  })

  test('ratings of many subjects are counted at once', async () => {
    const store = await freshStore()
    const [one, two] = [newId(), newId()].sort() as [EntityId, EntityId]
    await insert(
      store,
      exampleReview(one, { rating: 5 }),
      exampleReview(one, { rating: 5 }),
      exampleReview(one, { rating: 2 }),
      exampleReview(two, { rating: 1 }),
      exampleReview(two, { rating: null }),
      exampleReview(two, { rating: 4, status: 'rejected' }),
      exampleReview(two, { rating: 3, subjectType: 'template' }),
    )
    expect(await store.read.reviews.countRatings('seller', [two, newId(), one])).toEqual([
      { subjectId: one, rating: 2, count: 1 },
      { subjectId: one, rating: 5, count: 2 },
      { subjectId: two, rating: 1, count: 1 },
    ])
    expect(await store.read.reviews.countRatings('seller', [])).toEqual([])
  })

  test('a change leaves alone what it does not name; a removed review is gone', async () => {
    const store = await freshStore()
    const before = exampleReview(newId())
    await insert(store, before)
    const patch = { rating: 2, status: 'rejected' as const }
    await store.transaction(({ reviews }) => reviews.update(before.id, patch, later(1)))
    expect(await store.read.reviews.find(before.id)).toEqual({ ...before, ...patch, updatedAt: later(1) })
    await store.transaction(({ reviews }) => reviews.remove(before.id))
    expect(await store.read.reviews.find(before.id)).toBeNull()
  })

  test('what it asks its store does not grow with the number of reviews or subjects', async () => {
    const store = await freshStore()
    const [few, many] = [newId(), newId()]
    await insert(store, exampleReview(few), ...Array.from({ length: 20 }, () => exampleReview(many)))
    const counts = async (subjectId: EntityId, subjects: EntityId[]) => [
      await count(() =>
        store.read.reviews.listPublished({ subjectType: 'seller', subjectId }, { page: 1, limit: 100 }),
      ),
      await count(() => store.read.reviews.countRatings('seller', subjects)),
    ]
    expect(await counts(few, [few])).toEqual([2, 1])
    expect(await counts(many, [few, many, newId(), newId()])).toEqual([2, 1])
  })
}
