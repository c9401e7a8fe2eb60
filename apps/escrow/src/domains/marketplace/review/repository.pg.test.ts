import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../../platform/ids.ts'
import { statementsOf } from '../../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../../testing/escrow-database.ts'
import { plansOf } from '../../../testing/explained.ts'
import { dropReferencesBetweenUnits } from '../../../testing/references-between-units.ts'
import { exampleReview, reviewRepositoryContract } from './repository.contract.ts'
import { createReviewRepository } from './repository.postgres.ts'
import type { ReviewRepository } from './repository.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

describe('reviews in Postgres', () => {
  reviewRepositoryContract(
    async () => {
      await database.pool.query('delete from reviews')
      return database.units.review
    },
    (work) => count(work),
  )

  test.each([0, 6])('the database refuses a rating of %i', async (rating) => {
    const wrong = database.units.review.transaction(({ reviews }) =>
      reviews.insert(exampleReview(newId(), { rating })),
    )
    await expect(wrong).rejects.toMatchObject({ cause: { constraint: 'reviews_rating_check' } })
  })

  test('the reviewer of a later twin is shown', async () => {
    const [id, reviewerId] = [newId(), newId()]
    const extra = { reviewerId: { reason: 'unique', value: { $oid: publicId(reviewerId) } } }
    await database.pool.query('insert into reviews (id, rating, extra) values ($1, 4, $2)', [
      id,
      JSON.stringify(extra),
    ])
    expect(await database.units.review.read.reviews.find(id)).toMatchObject({ reviewerId, rating: 4 })
  })
})

describe('with 100,000 reviews', () => {
  const subjectId = newId()
  beforeAll(async () => {
    await database.pool.query('delete from reviews')
    await database.pool.query(
      `insert into reviews (id, subject_type, subject_id, reviewer_id, rating, status, created_at)
       select gen_random_uuid(), 'seller', case when n % 500 = 0 then $1::uuid else gen_random_uuid() end,
         gen_random_uuid(), 1 + n % 5, 'published', now() - n * interval '1 minute'
       from generate_series(1, 100000) n`,
      [subjectId],
    )
    await database.pool.query('analyze reviews')
  }, 60_000)

  type Ask = (repository: ReviewRepository) => Promise<unknown>
  test.each<[string, RegExp, Ask]>([
    [
      'a page',
      /reviews_published_idx/,
      (all) => all.listPublished({ subjectType: 'seller', subjectId }, { page: 1, limit: 10 }),
    ],
    // Both begin with the subject; which is cheaper depends on how many are published.
    [
      'ratings',
      /reviews_(published_idx|subject_reviewer_key)/,
      (all) => all.countRatings('seller', [subjectId, newId()]),
    ],
  ])('%s: found by %s', async (_what, index, ask) => {
    const plans = await plansOf(database.pool, (db) => ask(createReviewRepository(db)))
    expect(plans).toMatch(index)
    expect(plans).not.toContain('Seq Scan on reviews')
  })
})
