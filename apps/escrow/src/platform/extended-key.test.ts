import { HDKey } from '@scure/bip32'
import { mnemonicToAccount, privateKeyToAddress } from 'viem/accounts'
import { expect, test } from 'vitest'
import { checksumAddress, isSameAddress, readAccountKey } from './extended-key.ts'

const root = HDKey.fromMasterSeed(new Uint8Array(32).fill(7))
const account = root.derive("m/44'/60'/0'")

test('a public key gives the addresses that the private keys below it have', () => {
  const key = readAccountKey(account.publicExtendedKey)
  for (const index of [0, 1, 2, 1000]) {
    const { privateKey } = root.derive(`m/44'/60'/0'/0/${index}`)
    const expected = privateKeyToAddress(`0x${Buffer.from(privateKey ?? []).toString('hex')}`)
    expect(key.addressAt(index)).toBe(expected)
  }
  expect(key.fingerprint).toMatch(/^[0-9a-f]{8}$/)
})

test('the addresses of the mnemonic that everybody tests with', () => {
  const words = `${'test '.repeat(11)}junk`
  const { publicExtendedKey } = mnemonicToAccount(words, { path: "m/44'/60'/0'" }).getHdKey()
  const key = readAccountKey(publicExtendedKey)
  expect(key.addressAt(0)).toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266')
  expect(key.addressAt(1)).toBe('0x70997970C51812dc3A010C7d01b50e0d17dc79C8')
})

test('private keys are refused without being repeated', () => {
  for (const secret of [
    account.privateExtendedKey,
    ` ${account.privateExtendedKey}`,
    'tprv8Zgx',
    'zprvAbc',
  ]) {
    try {
      readAccountKey(secret)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'PRIVATE_KEY_REFUSED' })
      expect(String(error)).not.toContain(secret.trim())
    }
  }
})

test.each(['', 'xpub', `${account.publicExtendedKey}x`, 'tpubD6NzVbkrYhZ4'])('%s is no xpub', (text) => {
  expect(() => readAccountKey(text)).toThrow(expect.objectContaining({ code: 'INVALID_XPUB' }))
})

test('addresses are compared without case, and spelled with their checksum', () => {
  const address = readAccountKey(account.publicExtendedKey).addressAt(0)
  expect(isSameAddress(address, address.toLowerCase())).toBe(true)
  expect(isSameAddress(null, null)).toBe(false)
  expect(checksumAddress(address.toLowerCase())).toBe(address)
  expect(checksumAddress('0x1234')).toBeNull()
})
