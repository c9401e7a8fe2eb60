import { recoverMessageAddress } from 'viem'

const SIGNATURE = /^0x[0-9a-f]{130}$/i

/** The address whose key signed `message` (EIP-191), with its checksum; null where the text is no such signature. */
export async function signerOf(message: string, signature: string): Promise<string | null> {
  if (!SIGNATURE.test(signature)) return null
  try {
    return await recoverMessageAddress({ message, signature: `0x${signature.slice(2)}` })
  } catch {
    return null
  }
}
