import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { signerOf } from './evm-signature.ts'

const account = privateKeyToAccount(`0x${'07'.repeat(32)}`)

test('a signature tells who signed this very message', async () => {
  const signature = await account.signMessage({ message: 'I am here' })
  expect(await signerOf('I am here', signature)).toBe(account.address)
  expect(await signerOf('I am there', signature)).not.toBe(account.address)
})

test.each(['', '0x', '0x12', `0x${'ff'.repeat(65)}`, 'not hex'])(
  '%s is no signature of anybody',
  async (text) => {
    expect(await signerOf('I am here', text)).toBeNull()
  },
)
