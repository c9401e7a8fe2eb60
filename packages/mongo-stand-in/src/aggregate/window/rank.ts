import { Int32 } from 'bson'
import { isDocument } from '../../bson/value-type.ts'
import { compileSort } from '../../query/sort.ts'
import { locationError } from '../../server-error.ts'
import type { WindowFunction } from './partition.ts'
import type { WindowFunctionCompiler } from './window-function.ts'

/** The place of each document in the order: equal sort values share it, and `$rank` leaves a gap behind them. */
export const rank: WindowFunctionCompiler = (operand, environment) =>
  ranking('$rank', operand, environment, (at) => at + 1)

export const denseRank: WindowFunctionCompiler = (operand, environment) =>
  ranking('$denseRank', operand, environment, (_at, previous) => previous + 1)

export const documentNumber: WindowFunctionCompiler = (operand, { sortBy, window }) => {
  checkArguments('$documentNumber', operand, window)
  if (sortBy === undefined)
    throw locationError(5371602, '$documentNumber must be specified with a top level sortBy expression')
  return ({ documents }) => documents.map((_document, at) => new Int32(at + 1))
}

function ranking(
  name: string,
  operand: unknown,
  { sortBy, window, env }: Parameters<WindowFunctionCompiler>[1],
  next: (at: number, previous: number) => number,
): WindowFunction {
  checkArguments(name, operand, window)
  const directions = Object.values(sortBy ?? {})
  if (directions.length !== 1) {
    throw locationError(
      5371602,
      `${name} must be specified with a top level sortBy expression with exactly one element`,
    )
  }
  // By sort keys: arrays share a place when their least (or greatest) elements are equal.
  const compare = compileSort({ key: directions[0] }, env.collation)
  return ({ sortValues }) => {
    let place = 0
    return sortValues.map((value, at) => {
      if (at === 0 || compare({ key: value }, { key: sortValues[at - 1] }) !== 0) {
        place = next(at, place)
      }
      return new Int32(place)
    })
  }
}

function checkArguments(name: string, operand: unknown, window: unknown): void {
  if (window !== undefined)
    throw locationError(5371601, `Rank style window functions take no other arguments: ${name}`)
  if (!isDocument(operand) || Object.keys(operand).length > 0) {
    throw locationError(5371603, `${name} must be specified with '{}' as the value`)
  }
}
