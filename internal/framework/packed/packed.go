// SPDX-License-Identifier: MPL-2.0

// Package packed lets big maps of strings pass through the plugin framework as one text each. Terraform has a map; the
// framework has a string attribute with the map's MessagePack in it, just as Terraform sent it.
//
// The framework copies, compares and walks each element of a map some thirty times in a plan, once for each attribute
// of the resource among others: for a group of 20,000 members that took more time than everything else together.
//
// The server of the provider packs what Terraform sends and unpacks what it is sent (Pack, Unpack, Upgrade). Resources
// use Attribute in their schema, types.String in their model, and Of and Strings for the elements. Null and unknown
// maps are null and unknown strings.
package packed

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Attribute is a computed map of strings in a resource's schema.
type Attribute struct{ schema.StringAttribute }

// Map returns the attribute with its description in Markdown.
func Map(description string) Attribute {
	return Attribute{schema.StringAttribute{Computed: true, MarkdownDescription: description}}
}

// Names are the attributes of a schema that are packed.
func Names(attributes map[string]schema.Attribute) map[string]bool {
	found := map[string]bool{}
	for name, attribute := range attributes {
		if _, ok := attribute.(Attribute); ok {
			found[name] = true
		}
	}
	return found
}

// Of packs elements. The same elements make the same text.
func Of(elements map[string]string) types.String {
	var to bytes.Buffer
	if err := encode(&to, elements); err != nil {
		panic(fmt.Errorf("packing a map: %w", err)) // a buffer takes everything
	}
	return types.StringValue(to.String())
}

// Strings are the elements of a packed map; none when it is null or unknown. It panics on a text that is no packed map,
// which Pack does not let pass.
func Strings(text types.String) map[string]string {
	if text.IsNull() || text.IsUnknown() {
		return map[string]string{}
	}
	elements, err := decode([]byte(text.ValueString()))
	if err != nil {
		panic(fmt.Errorf("unpacking a map: %w", err))
	}
	return elements
}

func encode(to *bytes.Buffer, elements map[string]string) error {
	encoder := msgpack.NewEncoder(to)
	if err := encoder.EncodeMapLen(len(elements)); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		if err := encoder.EncodeString(key); err != nil {
			return err
		}
		if err := encoder.EncodeString(elements[key]); err != nil {
			return err
		}
	}
	return nil
}

// errUnknownElement: an element is not known yet. Only a configuration that wrongly sets the attribute has such.
var errUnknownElement = errors.New("an element is not known")

// decode reads a map of strings. An element that is null is "".
func decode(text []byte) (map[string]string, error) {
	decoder := msgpack.NewDecoder(bytes.NewReader(text))
	n, err := decoder.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	elements := make(map[string]string, min(max(n, 0), len(text)/2)) // each takes two bytes or more
	for range n {
		if code, err := decoder.PeekCode(); err != nil || !msgpcode.IsString(code) {
			return nil, errors.Join(err, errors.New("a key is not a string"))
		}
		key, err := decoder.DecodeString()
		if err != nil {
			return nil, err
		}
		if code, err := decoder.PeekCode(); err == nil && msgpcode.IsExt(code) {
			return nil, errUnknownElement
		}
		if elements[key], err = decoder.DecodeString(); err != nil {
			return nil, err
		}
	}
	return elements, nil
}
