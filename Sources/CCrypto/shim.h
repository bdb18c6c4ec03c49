#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/bn.h>
#include <openssl/param_build.h>
#include <openssl/core_names.h>

// A macro of several casts, which Swift does not see.
static const int ccrypto_public_key = EVP_PKEY_PUBLIC_KEY;
