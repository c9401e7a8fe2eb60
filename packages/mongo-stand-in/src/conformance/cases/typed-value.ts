import { Decimal128, Double, Long } from 'bson'

/** Values whose BSON type a JavaScript number does not tell. */
export const double = (value: number): Double => new Double(value)
export const long = (value: number | string): Long => Long.fromString(String(value))
export const decimal = (value: string): Decimal128 => Decimal128.fromString(value)
export const date = (text: string): Date => new Date(text)
