import { Decimal128, Double, Long } from 'bson'
import { type Dirtying, type Dirtyings, put, turn } from './dirtying.ts'

const numberOf = (value: unknown) => Number(String(value))

const text = (path: string): Dirtying => turn(path, (value) => String(value))
const decimal = (path: string): Dirtying => turn(path, (value) => Decimal128.fromString(String(value)))
const double = (path: string): Dirtying => turn(path, (value) => new Double(numberOf(value)))
const noise = (path: string): Dirtying => turn(path, (value) => new Double(numberOf(value) + 0.1 + 0.2))
const nan = (path: string): Dirtying => put(path, () => new Double(Number.NaN))
const zeroAtTheEnd = (path: string): Dirtying => turn(path, (value) => `${Math.floor(numberOf(value))}.50`)
const long = (path: string): Dirtying =>
  turn(path, (value) => Long.fromNumber(Math.max(1, Math.floor(numberOf(value)))))
const nineteen = (path: string): Dirtying => put(path, () => '0.1234567890123456789')
const withCurrency = (path: string): Dirtying => turn(path, (value) => `${String(value)} USDT`)

const persian = (path: string): Dirtying =>
  turn(path, (value) =>
    String(Math.floor(numberOf(value))).replace(/\d/g, (digit) =>
      String.fromCharCode(0x06f0 + Number(digit)),
    ),
  )

const spellings = {
  'as-text': text,
  'as-decimal128': decimal,
  'as-long': long,
  'as-double': double,
  'with-float-noise': noise,
  'with-zero-at-the-end': zeroAtTheEnd,
  'in-persian-digits': persian,
  'with-currency': withCurrency,
  nan,
  'with-19-decimals': nineteen,
} as const

/** Amounts in the clothes that four years of writers put on them; a kind is `<prefix>-as-text` and so on. */
export function amountDirt(prefix: string, path: string, ...wanted: (keyof typeof spellings)[]): Dirtyings {
  return Object.fromEntries(wanted.map((spelling) => [`${prefix}-${spelling}`, spellings[spelling](path)]))
}
