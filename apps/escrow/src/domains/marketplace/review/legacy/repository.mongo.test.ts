import { ObjectId } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../../migration/testing/escrow-mongo.ts'
import { parseId } from '../../../../platform/ids.ts'
import { reviewRepositoryContract } from '../repository.contract.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('reviews in MongoDB', () => {
  reviewRepositoryContract(
    async () => {
      await mongo.connection.collection('reviews').deleteMany({})
      return mongo.units.review
    },
    (work) => count(work),
  )

  test('ratings as text count like numbers, what is no rating not at all', async () => {
    const subject = new ObjectId()
    const subjectId = parseId(subject.toHexString())
    await mongo.connection.collection('reviews').insertMany(
      ['5', 5, 4.5, 6, 0, null, 'five'].map((rating) => ({
        subjectType: 'seller',
        subjectId: rating === 5 ? subject.toHexString() : subject,
        reviewerId: new ObjectId(),
        rating,
        status: 'published',
      })),
    )
    expect(await mongo.units.review.read.reviews.countRatings('seller', [subjectId])).toEqual([
      { subjectId, rating: 5, count: 2 },
    ])
    const { items } = await mongo.units.review.read.reviews.listPublished(
      { subjectType: 'seller', subjectId },
      { page: 1, limit: 10 },
    )
    expect(items.map(({ rating }) => rating).sort()).toEqual([5, 5, null, null, null, null, null])
  })
})
