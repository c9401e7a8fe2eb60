import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StandIn, startStandIn } from '../index.ts'

const { Schema } = mongoose
const author = new Schema(
  { name: { type: String, required: true, unique: true }, balance: Schema.Types.Decimal128 },
  { timestamps: true },
)
const book = new Schema({
  title: String,
  author: { type: Schema.Types.ObjectId, ref: 'Author' },
  tags: [String],
  pages: [{ text: String }],
})

describe('Mongoose 9', { timeout: 30_000 }, () => {
  let standIn: StandIn
  const connection = mongoose.createConnection()
  const Author = connection.model('Author', author)
  const Book = connection.model('Book', book)

  beforeAll(async () => {
    standIn = await startStandIn()
    await connection.openUri(standIn.url, { dbName: 'library' })
    await Promise.all([Author.init(), Book.init()])
  })

  afterAll(async () => {
    await connection.close()
    await standIn.close()
  })

  it('saves, finds and populates', async () => {
    const ann = await Author.create({ name: 'Ann', balance: '12.30' })
    const saved = await Book.create({ title: 'One', author: ann._id, tags: ['a'], pages: [{ text: 'x' }] })
    saved.tags.push('b')
    saved.pages[0]?.set('text', 'y')
    await saved.save()
    const found = await Book.findOne({ tags: 'b' })
      .populate<{ author: { name: string; balance: unknown } }>('author')
      .orFail()
    expect(found.author.name).toBe('Ann')
    expect(String(found.author.balance)).toBe('12.30')
    expect(found.pages[0]?.text).toBe('y')
    await expect(Author.create({ name: 'Ann' })).rejects.toMatchObject({ code: 11000 })
  })

  it('runs session.withTransaction, and takes back what fails', async () => {
    const session = await connection.startSession()
    await session.withTransaction(async () => {
      const [bo] = await Author.create([{ name: 'Bo' }], { session })
      await Book.create([{ title: 'Two', author: bo?._id }], { session })
    })
    expect(await Book.countDocuments({ title: 'Two' })).toBe(1)
    const failing = session.withTransaction(async () => {
      await Author.create([{ name: 'Cy' }], { session })
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await Author.exists({ name: 'Cy' })).toBeNull()
    await session.endSession()
  })

  it('streams changes and aggregates', async () => {
    const stream = Book.watch([], { fullDocument: 'updateLookup' })
    const seen = new Promise<string>((resolve) =>
      stream.once('change', (change: { operationType: string }) => resolve(change.operationType)),
    )
    await new Promise((resolve) => stream.once('ready', resolve))
    await Book.create({ title: 'Three' })
    expect(await seen).toBe('insert')
    await stream.close()
    const [result] = await Book.aggregate<{ n: number }>([{ $match: { title: 'Three' } }, { $count: 'n' }])
    expect(result).toEqual({ n: 1 })
  })
})
