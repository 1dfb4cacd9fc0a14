/**
 * Vonage's SDK as jest can load it. Three of the packages behind it are ES modules only, which jest does not take from
 * CommonJS; what the SDK uses of them, Node has itself.
 */
jest.mock('node-fetch', () => ({ __esModule: true, default: fetch }));
jest.mock('../../../../node_modules/@vonage/auth/node_modules/uuid/dist-node/index.js', mockUuid);
jest.mock('../../../../node_modules/@vonage/jwt/node_modules/uuid/dist-node/index.js', mockUuid);

function mockUuid(): { v4: () => string } {
  return { v4: () => crypto.randomUUID() };
}

export { Applications } from '@vonage/applications';
export { Auth } from '@vonage/auth';
export { tokenGenerate, verifySignature } from '@vonage/jwt';
export { Numbers } from '@vonage/numbers';
export { Connect, HttpMethod, NCCOBuilder, Talk, TTSLanguages, Voice } from '@vonage/voice';
