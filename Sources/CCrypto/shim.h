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

#include <openssl/x509v3.h>

// The stacks of OpenSSL are macros, which Swift does not see. The names are the caller's to free by GENERAL_NAMES_free.
static inline GENERAL_NAMES *ccrypto_alternative_names(const X509 *certificate) {
  return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, 0, 0);
}

static inline int ccrypto_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

// The name's text where it is a DNS name, a URI or a mail address; else null. It lives as long as the names.
static inline const unsigned char *ccrypto_name(const GENERAL_NAMES *names, int index, int *length) {
  int type = 0;
  ASN1_STRING *text = (ASN1_STRING *)GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, index), &type);
  if (!text || (type != GEN_DNS && type != GEN_URI && type != GEN_EMAIL)) return 0;
  *length = ASN1_STRING_length(text);
  return ASN1_STRING_get0_data(text);
}

static inline int ccrypto_print_name(BIO *out, const X509_NAME *name) {
  return X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

static inline long ccrypto_text(BIO *bio, char **text) { return BIO_get_mem_data(bio, text); }
