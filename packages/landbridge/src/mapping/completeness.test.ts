import { Schema } from 'mongoose'
import { describe, expect, it } from 'vitest'
import { assertComplete, checkCompleteness } from './completeness.ts'
import { orderMapping } from './test-mappings.ts'

const known = {
  email: String,
  amount: { amount: Number, currency: String },
  requestId: Schema.Types.Mixed,
  blockchain: Schema.Types.Mixed,
  preferences: { seen: { type: Map, of: Date }, anything: { else: String } },
  tags: [String],
  watchers: [Schema.Types.ObjectId],
  quote: { rate: Number, source: String },
  delivery: {
    cache: String,
    lines: [new Schema({ sku: String, notes: [{ content: String, _id: false }], scratch: Number })],
  },
  tagCount: String,
}

describe('completeness', () => {
  it('finds nothing where every path is mapped, dropped, derived, or inside of a json field', () => {
    const schema = new Schema(known, { timestamps: true })
    expect(checkCompleteness(orderMapping, schema)).toEqual([])
    expect(() => assertComplete(orderMapping, schema)).not.toThrow()
  })

  it('names what was forgotten, in elements and embedded documents too', () => {
    const schema = new Schema({
      ...known,
      phone: String,
      amount: { amount: Number, currency: String, tax: Number },
      quote: new Schema({ rate: Number, fee: Number }, { _id: false }),
      delivery: {
        lines: [{ sku: String, weight: Number, notes: [{ content: String, by: String, _id: false }] }],
      },
      meta: { type: Map, of: String },
    })
    expect(checkCompleteness(orderMapping, schema).sort()).toEqual([
      'amount.tax',
      'delivery.lines[].notes[].by',
      'delivery.lines[].weight',
      'meta',
      'meta.$*',
      'phone',
      'quote.fee',
    ])
    expect(() => assertComplete(orderMapping, schema)).toThrow(
      expect.objectContaining({ code: 'mapping-path-missing' }),
    )
  })
})
