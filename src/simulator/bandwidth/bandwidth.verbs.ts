const CALLBACK = ['username', 'password', 'fallbackUsername', 'fallbackPassword', 'tag'];
const LEG = [
  ...CALLBACK,
  'uui',
  'transferAnswerUrl',
  'transferAnswerMethod',
  'transferAnswerFallbackUrl',
  'transferAnswerFallbackMethod',
  'transferDisconnectUrl',
  'transferDisconnectMethod',
];

/**
 * The attributes of the verbs that are followed, from `models/bxml/verbs` of bandwidth-sdk 8.1.4, and `privacy` from
 * https://dev.bandwidth.com/docs/voice/bxml/transfer.
 */
export const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  StartStream: [
    'name',
    'mode',
    'tracks',
    'destination',
    'destinationUsername',
    'destinationPassword',
    'streamEventUrl',
    'streamEventMethod',
    'username',
    'password',
  ],
  StreamParam: ['name', 'value'],
  StopStream: ['name', 'wait'],
  Transfer: [
    ...CALLBACK,
    'transferCallerId',
    'transferCallerDisplayName',
    'privacy',
    'callTimeout',
    'transferCompleteUrl',
    'transferCompleteMethod',
    'transferCompleteFallbackUrl',
    'transferCompleteFallbackMethod',
    'diversionTreatment',
    'diversionReason',
  ],
  SipUri: LEG,
  PhoneNumber: LEG,
  SpeakSentence: ['voice', 'gender', 'locale'],
  Forward: ['to', 'from', 'callTimeout', 'diversionTreatment', 'diversionReason', 'uui'],
  Ring: ['duration', 'answerCall'],
  Pause: ['duration'],
  Hangup: [],
  Tag: [],
};

/** The rest of the verbs: the call would go on in ways that only a conversation can show. */
export const UNSIMULATED_VERBS: readonly string[] = [
  'Bridge',
  'Conference',
  'Connect',
  'Gather',
  'PauseRecording',
  'PlayAudio',
  'Record',
  'Redirect',
  'ResumeRecording',
  'SendDtmf',
  'StartGather',
  'StartRecording',
  'StartTranscription',
  'StopGather',
  'StopRecording',
  'StopTranscription',
];
