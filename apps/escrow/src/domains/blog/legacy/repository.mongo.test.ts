import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf } from '../../../migration/testing/counted-commands.ts'
import { type EscrowMongo, escrowMongo } from '../../../migration/testing/escrow-mongo.ts'
import { parseId } from '../../../platform/ids.ts'
import { blogLikeRepositoryContract, blogPostRepositoryContract } from '../repository.contract.ts'
import { blogPostModel } from './model.mongo.ts'

let mongo: EscrowMongo
let count: ReturnType<typeof commandsOf>
beforeAll(async () => {
  mongo = await escrowMongo()
  count = commandsOf(mongo.connection)
})
afterAll(() => mongo[Symbol.asyncDispose]())

describe('posts in MongoDB', () => {
  const freshStore = async () => {
    await mongo.connection.collection('blogposts').deleteMany({})
    await mongo.connection.collection('lb_blog_likes').deleteMany({})
    return mongo.units.blog
  }
  blogPostRepositoryContract(freshStore, (work) => count(work))
  blogLikeRepositoryContract(freshStore, (work) => count(work))

  test('views as text are counted on, and what is no list is none', async () => {
    const { insertedId } = await mongo.connection
      .collection('blogposts')
      .insertOne({ views: '41', tags: null, videos: 'none', author: 'Ada' })
    const id = parseId(insertedId.toHexString())
    await mongo.units.blog.transaction(({ posts }) => posts.add(id, 'views', 1))
    expect(await mongo.units.blog.read.posts.find(id)).toMatchObject({
      views: 42,
      tags: [],
      videos: [],
      author: { id: null, name: null, avatar: null },
    })
  })

  test('the hooks of the legacy model make a slug and stamp the publishing', async () => {
    const model = blogPostModel(mongo.connection)
    const post = {
      title: 'خبر تازه!',
      description: 'd',
      content: 'c',
      author: { id: 'x', name: 'Ada' },
      status: 'published',
    }
    const [first, second] = [await model.create(post), await model.create(post)]
    expect([first.slug, second.slug]).toEqual(['خبر-تازه', 'خبر-تازه-2'])
    expect(first.publishedAt).toBeInstanceOf(Date)
  })
})
