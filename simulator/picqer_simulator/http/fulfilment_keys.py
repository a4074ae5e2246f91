"""The endpoints that the API key of a fulfilment customer can reach."""

ALLOWED = frozenset(
    line.strip()
    for line in """
    GET /customers
    POST /customers
    GET /customers/{idcustomer}
    PUT /customers/{idcustomer}
    DELETE /customers/{idcustomer}
    GET /customers/{idcustomer}/addresses
    POST /customers/{idcustomer}/addresses
    PUT /customers/{idcustomer}/addresses/{idcustomer_address}
    DELETE /customers/{idcustomer}/addresses/{idcustomer_address}
    GET /customers/{idcustomer}/comments
    POST /customers/{idcustomer}/comments
    GET /products
    POST /products
    GET /products/{idproduct}
    PUT /products/{idproduct}
    GET /products/{idproduct}/stock
    GET /products/{idproduct}/stock/{idwarehouse}
    GET /products/{idproduct}/parts
    POST /products/{idproduct}/parts
    GET /products/{idproduct}/parts/{idproduct_part}
    PUT /products/{idproduct}/parts/{idproduct_part}
    DELETE /products/{idproduct}/parts/{idproduct_part}
    GET /products/{idproduct}/images
    POST /products/{idproduct}/images
    DELETE /products/{idproduct}/images/{idproduct_image}
    GET /products/{idproduct}/comments
    POST /products/{idproduct}/comments
    GET /stockhistory
    GET /stockhistory/{idproduct_stock_history}
    GET /orders
    POST /orders
    GET /orders/{idorder}
    PUT /orders/{idorder}
    DELETE /orders/{idorder}
    POST /orders/{idorder}/process
    GET /orders/{idorder}/productstatus
    GET /orders/{idorder}/products
    POST /orders/{idorder}/products
    GET /orders/{idorder}/products/{idorder_product}
    PUT /orders/{idorder}/products/{idorder_product}
    DELETE /orders/{idorder}/products/{idorder_product}
    GET /orders/{idorder}/backorders
    GET /orders/{idorder}/notes
    POST /orders/{idorder}/notes
    GET /picklists
    GET /picklists/{idpicklist}
    GET /picklists/{idpicklist}/shipments
    GET /backorders
    GET /backorders/{idbackorder}
    DELETE /backorders/{idbackorder}
    """.strip().splitlines()
)
