import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { atOnce } from './at-once.ts'

it('does all, never more at once than allowed', async () => {
  let running = 0
  let most = 0
  const done: number[] = []
  await atOnce(3, [5, 1, 4, 2, 3, 0], async (ms) => {
    most = Math.max(most, ++running)
    await sleep(ms)
    running--
    done.push(ms)
  })
  expect(most).toBe(3)
  expect(done.toSorted()).toEqual([0, 1, 2, 3, 4, 5])
})

it('waits for what it began, begins nothing after an error, and throws it', async () => {
  const ended: number[] = []
  const work = async (item: number) => {
    await sleep(item)
    if (item === 2) throw new Error('two')
    ended.push(item)
  }
  await expect(atOnce(2, [2, 20, 1, 1], work)).rejects.toThrow('two')
  expect(ended).toEqual([20])
})

it('begins nothing after an abort', async () => {
  const abort = new AbortController()
  const begun: number[] = []
  await atOnce(
    1,
    [1, 2, 3],
    async (item) => {
      begun.push(item)
      if (item === 2) abort.abort()
    },
    abort.signal,
  )
  expect(begun).toEqual([1, 2])
})
