import type { Engine } from 'landbridge'
import { timesAmount, zeroAmount } from '../../platform/money.ts'
import { lenientAmount, lenientDate, lenientText } from '../lenient.ts'
import { dayAndText } from '../period.ts'
import type { MoneyBook } from './money-books.ts'
import { addLine, type MoneyLines } from './money-line.ts'

/**
 * The sums of a book in MongoDB, without the documents of these ids. The server counts equal amounts and the exact sum
 * is made here, because `$sum` skips text and adds doubles inexactly.
 */
export async function sumsInMongo(
  { database }: Pick<Engine, 'database'>,
  book: MoneyBook,
  without: readonly unknown[],
): Promise<MoneyLines> {
  const words = Object.fromEntries(
    Object.entries(book.words).map(([name, { path }]) => [`word_${name}`, `$${path}`]),
  )
  const groups = database.collection<{ _id: unknown }>(book.collection).aggregate(
    [
      ...(without.length === 0 ? [] : [{ $match: { _id: { $nin: [...without] } } }]),
      {
        $group: {
          _id: {
            ...dayAndText(book.day.path),
            ...words,
            currency: `$${book.currency.path}`,
            amount: `$${book.amount.path}`,
          },
          count: { $sum: 1 },
        },
      },
    ],
    { readConcern: { level: 'majority' }, readPreference: 'primary', allowDiskUse: true },
  )
  const lines: MoneyLines = new Map()
  for await (const { _id, count: counted } of groups) {
    const count = Number(counted)
    const amount = lenientAmount(_id.amount)
    addLine(lines, {
      collection: book.collection,
      day:
        typeof _id.day === 'string' ? _id.day : (lenientDate(_id.text)?.toISOString().slice(0, 10) ?? null),
      words: Object.fromEntries(
        Object.keys(book.words).map((name) => [name, lenientText(_id[`word_${name}`])]),
      ),
      currency: lenientText(_id.currency),
      count,
      amount: amount === null ? zeroAmount : timesAmount(amount, count),
    })
  }
  return lines
}
